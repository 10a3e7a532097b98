"""Who may come where: one table of every page, and nobody where the table is silent."""

from collections.abc import Callable, Mapping
from functools import partial, wraps
from http import HTTPStatus
from typing import Any, Protocol
from urllib.parse import urlencode

from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django_htmx.http import HttpResponseClientRedirect

from regulars.console.refusals import not_for_you, only_for_forms, refused
from regulars.console.sessions import has_to_show_again, needs_second_step
from regulars.kernel.actor import Actor
from regulars.kernel.errors import RegularsError
from regulars.kernel.language import gettext
from regulars.people.models import Business, Employee
from regulars.people.queries import business
from regulars.stream.anew import begun_anew

STRANGERS = frozenset({"", *Employee.ROLES})
EMPLOYEES = frozenset(Employee.ROLES)
MANAGERS = frozenset({Employee.OWNER, Employee.MANAGER})
OWNERS = frozenset({Employee.OWNER})

RULES: Mapping[str, frozenset[str]] = {
    "account_login": STRANGERS,
    "mfa_login_webauthn": STRANGERS,
    "account_request_login_code": STRANGERS,
    "account_confirm_login_code": STRANGERS,
    "mfa_authenticate": STRANGERS,
    "sign_out": STRANGERS,
    "first_run_business": STRANGERS,
    "first_run_language": STRANGERS,
    "first_run_goal": OWNERS,
    "first_run_questions": OWNERS,
    "first_run_twenty": OWNERS,
    "first_run_tomorrow": OWNERS,
    "account_reauthenticate": EMPLOYEES,
    "mfa_reauthenticate": EMPLOYEES,
    "mfa_reauthenticate_webauthn": EMPLOYEES,
    "choose_password": EMPLOYEES,
    "mfa_index": EMPLOYEES,
    "my_address": EMPLOYEES,
    "my_address_code": EMPLOYEES,
    "my_address_forget": EMPLOYEES,
    "mfa_activate_totp": EMPLOYEES,
    "mfa_deactivate_totp": EMPLOYEES,
    "mfa_view_recovery_codes": EMPLOYEES,
    "mfa_generate_recovery_codes": EMPLOYEES,
    "mfa_download_recovery_codes": EMPLOYEES,
    "mfa_add_webauthn": EMPLOYEES,
    "mfa_remove_webauthn": EMPLOYEES,
    "second_step_later": OWNERS,
    "sign_out_elsewhere": EMPLOYEES,
    "speak": EMPLOYEES,
    "home": EMPLOYEES,
    "place_chosen": EMPLOYEES,
    "take_up": EMPLOYEES,
    "task_done": EMPLOYEES,
    "task_later": EMPLOYEES,
    "task_again": EMPLOYEES,
    "customers": EMPLOYEES,
    "customer_add": EMPLOYEES,
    "customers_export": MANAGERS,
    "view_add": EMPLOYEES,
    "view_forget": EMPLOYEES,
    "customer_quick": EMPLOYEES,
    "customer": EMPLOYEES,
    "customer_visit": EMPLOYEES,
    "customer_purchase": EMPLOYEES,
    "customer_sender": EMPLOYEES,
    "customer_sender_back": EMPLOYEES,
    "customer_preference": EMPLOYEES,
    "customer_note": EMPLOYEES,
    "segments": MANAGERS,
    "segment_people": MANAGERS,
    "quadrants": MANAGERS,
    "rhythm": MANAGERS,
    "retention": MANAGERS,
    "segment_new": MANAGERS,
    "segment": MANAGERS,
    "segment_change": MANAGERS,
    "segment_remove": MANAGERS,
    "segment_file": MANAGERS,
    "segment_people_file": MANAGERS,
    "customer_refund": EMPLOYEES,
    "customer_receipt": EMPLOYEES,
    "customer_receipt_back": EMPLOYEES,
    "customer_about": EMPLOYEES,
    "customer_name": EMPLOYEES,
    "customer_identity": EMPLOYEES,
    "customer_learnt": EMPLOYEES,
    "customer_date": EMPLOYEES,
    "customer_attribute": EMPLOYEES,
    "customer_entry": EMPLOYEES,
    "customer_contact": EMPLOYEES,
    "customer_write": EMPLOYEES,
    "customer_ask": EMPLOYEES,
    "customer_consent": EMPLOYEES,
    "customer_suppress": EMPLOYEES,
    "customer_lift": MANAGERS,
    "customer_data": MANAGERS,
    "customer_export": MANAGERS,
    "customer_merge": MANAGERS,
    "merge_undone": MANAGERS,
    "duplicates": MANAGERS,
    "not_the_same": MANAGERS,
    "customer_looks": OWNERS,
    "customer_erase": OWNERS,
    "imports": MANAGERS,
    "import": MANAGERS,
    "import_tried": MANAGERS,
    "import_taken": MANAGERS,
    "import_dropped": MANAGERS,
    "exports": MANAGERS,
    "job_file": MANAGERS,
    "scores": MANAGERS,
    "settings": MANAGERS,
    "attributes": MANAGERS,
    "attribute_add": MANAGERS,
    "attribute_choices": MANAGERS,
    "attribute_retire": MANAGERS,
    "attribute_again": MANAGERS,
    "mail": OWNERS,
    "mail_again": OWNERS,
    "employees": OWNERS,
    "employee_add": OWNERS,
    "employee_leave": OWNERS,
    "employee_return": OWNERS,
    "employee_password": OWNERS,
    "employee_position": OWNERS,
    "employee_step": OWNERS,
    "locations": MANAGERS,
    "location_change": MANAGERS,
    "contact_rules": MANAGERS,
    "nobody": MANAGERS,
    "nobody_back": MANAGERS,
    "keys": OWNERS,
    "key_rotate": OWNERS,
    "key_revoke": OWNERS,
    "looks": OWNERS,
    "backups": OWNERS,
    "backup_file": OWNERS,
    "backup_restore": OWNERS,
    "restored": STRANGERS,  # who knows the token: the sessions are those of the backup
}
# What has to be done first, and what can be done before it.
BEFORE = {
    "choose_password": frozenset({"choose_password", "speak"}),
    "mfa_index": frozenset(
        {
            *("mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "choose_password", "speak"),
            *("account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"),
        }
    ),
}
# Before these, who has not shown for a while that it is them shows it again.
SENSITIVE = frozenset(
    {
        *("choose_password", "sign_out_elsewhere", "mail", "customer_erase"),
        *("backup_file", "backup_restore"),
        *("my_address", "my_address_forget"),
        *("employee_add", "employee_leave", "employee_return", "employee_password"),
        *("employee_position", "employee_step", "keys", "key_rotate", "key_revoke"),
    }
)
# What is typed into these is a secret itself: it is typed again rather than kept in the meantime.
TYPED_AGAIN = frozenset({"choose_password", "mail"})


class View(Protocol):
    """Answers a request."""

    def __call__(self, request: HttpRequest, **named: Any) -> HttpResponse: ...  # noqa: D102  (see above)


def guarded(pattern: URLPattern) -> URLPattern:
    """The address with its rule before its view."""
    view: View = pattern.callback
    route = str(pattern.name)
    allowed = RULES.get(route, frozenset())

    @wraps(view)
    def answer(request: HttpRequest, **named: Any) -> HttpResponse:
        try:
            elsewhere = _turned_away(request, route, allowed)
            if elsewhere is not None:
                return _whole_page(request, elsewhere)
            found = _begun_anew(request, partial(view, request, **named))
        except RegularsError as error:
            return refused(
                request,
                status=error.http_status,
                heading=gettext("That did not work."),
                told=str(error),
            )
        if found.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            return only_for_forms(request, found)
        return found

    pattern.callback = answer
    return pattern


def _begun_anew(request: HttpRequest, view: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer of a view, done anew where two waited for one another; a file is read only once."""
    if request.content_type == "multipart/form-data":
        return view()
    return begun_anew(view)


def may_come(request: HttpRequest, route: str) -> bool:
    """Whether the page of a route would be shown to who asks, and not another one first."""
    try:
        return _turned_away(request, route, RULES.get(route, frozenset())) is None
    except ReauthenticationRequired:
        return False


def signed_in(request: HttpRequest) -> Employee | None:
    """Who is signed in."""
    return request.user if isinstance(request.user, Employee) else None


def here(request: HttpRequest) -> tuple[Business, Employee]:
    """The business, and who is signed in; behind a guard there are both.

    Raises:
        LookupError: There is no guard before this view.
    """
    found, employee = business(), signed_in(request)
    if found is None or employee is None:
        raise LookupError
    return found, employee


def actor_of(request: HttpRequest) -> Actor:
    """Who is signed in."""
    return Actor("employee", str(request.user.pk))


def _whole_page(request: HttpRequest, elsewhere: HttpResponse) -> HttpResponse:
    """Where somebody has to go, for the page and not for a part of it."""
    address = elsewhere.headers.get("Location", "")
    if address and request.headers.get("HX-Request") == "true":
        return HttpResponseClientRedirect(address)
    return elsewhere


def _turned_away(request: HttpRequest, route: str, allowed: frozenset[str]) -> HttpResponse | None:
    """Where somebody has to go instead, or None for who may come.

    Raises:
        ReauthenticationRequired: They have to show again that it is them.
    """
    if allowed == STRANGERS:
        return None
    employee = signed_in(request)
    if business() is None:
        # Who was given a password chooses their own before they tell of the business.
        is_first = employee is not None and employee.one_time_since is not None
        on_the_way = is_first and route == "choose_password"
        return None if on_the_way else redirect("first_run_business")
    if employee is None:
        return redirect("account_login")
    first = _to_do_first(request, employee)
    if first is not None and route not in BEFORE[first]:
        return redirect(first)
    if employee.role not in allowed:
        return not_for_you(request)
    return _asked_again(request, route) if employee.one_time_since is None else None


def _to_do_first(request: HttpRequest, employee: Employee) -> str | None:
    """The page of what has to be done before anything else: a password of one's own, a second step."""
    if employee.one_time_since is not None:
        return "choose_password"
    return "mfa_index" if needs_second_step(request, employee) else None


def _asked_again(request: HttpRequest, route: str) -> HttpResponse | None:
    """Where somebody shows again that it is them, where they have to; what they asked for follows.

    Raises:
        ReauthenticationRequired: django-allauth keeps what was asked for, and leads there.
    """
    if route not in SENSITIVE or not has_to_show_again(request):
        return None
    if request.method != "POST" or route not in TYPED_AGAIN:
        raise ReauthenticationRequired
    return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': request.path})}")
