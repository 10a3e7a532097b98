"""The settings of mail: the account, tried for real, and what did not go out."""

from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.request import validate_host
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from regulars.console.access import here
from regulars.console.frame import page
from regulars.console.mail.forms import MailForm
from regulars.console.mail.words import (
    Trial,
    missing_text,
    provider_choices,
    security_choices,
    sent_of,
    state_of_account,
    trial_of,
)
from regulars.kernel.errors import RegularsError
from regulars.kernel.language import gettext
from regulars.outreach.accounts import mail_account
from regulars.outreach.errors import InvalidMailAccount
from regulars.outreach.models import MailAccount
from regulars.outreach.providers import OWN
from regulars.outreach.queries import how_many_wait, not_sent
from regulars.outreach.services import send_again
from regulars.outreach.setting_up import (
    keep_account,
    read_mailbox,
    try_account,
    what_is_missing,
)
from regulars.people.models import Business
from regulars.people.services import set_public_address


@require_http_methods(["GET", "POST"])
def mail(request: HttpRequest) -> HttpResponse:
    """The account: kept, and tried where that is asked for."""
    business, _ = here(request)
    account = mail_account()
    form = MailForm(request.POST or None, initial=_known(business, account))
    if request.method == "GET":
        return _shown(request, form)
    if not form.is_valid():
        return _shown(request, form, problems=form.problems())
    told = form.cleaned_data
    try:
        with transaction.atomic():
            set_public_address(address=told["public_address"])
            keep_account(
                provider=told["provider"],
                sending=form.sending(),
                mailbox=form.mailbox(),
                sender_name=told["sender_name"],
                sender_address=told["sender_address"],
                imprint=told["imprint"],
            )
    except InvalidMailAccount as error:
        return _shown(request, form, problems=_refused(error))
    if "try" not in request.POST:
        return redirect(f"{reverse('mail')}?said=kept")
    now = datetime.now(UTC)
    trial = trial_of(
        try_account(to=told["to"] or told["sender_address"], now=now),
        read_mailbox(now=now),
        account=mail_account(),
    )
    if trial is None:
        return redirect(f"{reverse('mail')}?said=tried")
    return _shown(request, MailForm(initial=_known(*_again())), trial=trial)


@require_POST
def mail_again(request: HttpRequest, message_id: UUID) -> HttpResponse:  # noqa: ARG001  (a view)
    """A message that could not be sent is tried again."""
    with transaction.atomic():
        send_again(message_id=message_id, now=datetime.now(UTC))
    return redirect(f"{reverse('mail')}?said=again")


def _shown(
    request: HttpRequest,
    form: MailForm,
    *,
    problems: dict[str, str] | None = None,
    trial: Trial | None = None,
) -> HttpResponse:
    business, _ = here(request)
    business.refresh_from_db()
    account, zone = mail_account(), ZoneInfo(business.time_zone)
    well, wrong = state_of_account(account, waiting=how_many_wait(), zone=zone)
    said = {
        "kept": gettext("Kept."),
        "tried": gettext("It works. Look into the mailbox that you gave: the message is there."),
        "again": gettext("It is tried again now."),
    }
    return page(
        request,
        "mail/account.html.j2",
        at="mail",
        status=400 if problems or trial else 200,
        said="" if trial or problems else said.get(request.GET.get("said", ""), ""),
        form=form,
        problems=problems or {},
        trial=trial,
        missing=[
            missing_text(one) for one in (*what_is_missing(business, account), *_host(business))
        ],
        well=well,
        wrong=wrong,
        providers=provider_choices(),
        securities=security_choices(),
        has_password=bool(account and account.password),
        has_mailbox_password=bool(account and account.mailbox_password),
        failed=sent_of(not_sent(), account=account, zone=zone, now=datetime.now(UTC)),
    )


def _known(business: Business, account: MailAccount | None) -> dict[str, object]:
    """What the form begins with; no password is ever in it."""
    told: dict[str, object] = {
        "provider": OWN,
        "security": "starttls",
        "port": "587",
        "mailbox_security": "tls",
        "sender_name": business.name,
        "public_address": business.public_address,
    }
    if account is not None:
        names = MailForm.base_fields.keys() & {field.name for field in MailAccount._meta.fields}  # noqa: SLF001
        told |= {name: getattr(account, name) for name in names - {"password", "mailbox_password"}}
        told |= {"returned": bool(account.mailbox_host), "to": account.sender_address}
    return told


def _again() -> tuple[Business, MailAccount | None]:
    return Business.objects.get(), mail_account()


def _host(business: Business) -> tuple[str, ...]:
    """Whether the server answers to the name in the public address."""
    host = urlsplit(business.public_address).hostname
    known = not host or validate_host(host, settings.ALLOWED_HOSTS)
    return () if known else ("host_not_allowed",)


def _refused(error: RegularsError) -> dict[str, str]:
    field = str(error.data["field"])
    again = gettext("Type the password again: the server or the user name is another one now.")
    return {field: again if field == "password" else str(error)}
