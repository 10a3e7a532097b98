"""Keys of programs that use the API: made, rotated, taken back; each is shown once."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from regulars.console.access import actor_of, here
from regulars.console.frame import page
from regulars.console.house.forms import KeyForm
from regulars.credentials.core import SCOPES
from regulars.credentials.keys import add_key, every_key, revoke_key, rotate_key
from regulars.credentials.models import ApiKey
from regulars.kernel.language import gettext
from regulars.kernel.words import date_text, list_text

OVERLAP_DAYS = 7
USUAL_SOURCE = "api"


@dataclass(frozen=True)
class Card:
    """A key on the page.

    Attributes:
        mark: The part of it that may be shown.
        name: What it is for.
        may: What it may do, in words.
        state: Until when it is good, or since when it is not.
        used: When it was used last.
        is_good: Whether it opens anything.
        can_rotate: Whether another may take its place.
    """

    mark: str
    name: str
    may: str
    state: str
    used: str
    is_good: bool
    can_rotate: bool


@require_http_methods(["GET", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    """The keys; what is sent is another one."""
    form = KeyForm(request.POST or None, initial={"days": 365})
    if request.method == "GET" or not form.is_valid():
        return _listed(request, form, problems=form.problems())
    told, now = form.cleaned_data, datetime.now(UTC)
    with transaction.atomic():
        made = add_key(
            name=told["name"],
            scopes=told["scopes"],
            source=told["source"] or USUAL_SOURCE,
            expires_at=now + timedelta(days=told["days"]) if told["days"] else None,
            actor=actor_of(request),
            now=now,
        )
    return _listed(request, KeyForm(initial={"days": 365}), made=made.token, name=told["name"])


@require_POST
def key_rotate(request: HttpRequest, mark: str) -> HttpResponse:
    """Another key instead of one; both are good for a week."""
    with transaction.atomic():
        made = rotate_key(
            mark=mark,
            overlap=timedelta(days=OVERLAP_DAYS),
            actor=actor_of(request),
            now=datetime.now(UTC),
        )
    name = ApiKey.objects.get(id=made.id).name
    return _listed(request, KeyForm(initial={"days": 365}), made=made.token, name=name)


@require_POST
def key_revoke(request: HttpRequest, mark: str) -> HttpResponse:  # noqa: ARG001  (a view)
    """A key opens nothing any more, at once."""
    with transaction.atomic():
        revoke_key(mark=mark, now=datetime.now(UTC))
    return redirect(f"{reverse('keys')}?said=revoked")


def _listed(
    request: HttpRequest,
    form: KeyForm,
    *,
    problems: dict[str, str] | None = None,
    made: str = "",
    name: str = "",
) -> HttpResponse:
    business, _ = here(request)
    now, zone = datetime.now(UTC), ZoneInfo(business.time_zone)
    cards = sorted((_card(one, now, zone) for one in every_key()), key=lambda one: not one.is_good)
    chosen = form["scopes"].value() or []
    return page(
        request,
        "house/keys.html.j2",
        at="keys",
        status=400 if problems else 200,
        said=gettext("The key was taken back.") if request.GET.get("said") == "revoked" else "",
        form=form,
        problems=problems or {},
        made=made,
        name=name,
        cards=cards,
        scopes=[(scope, gettext(words), scope in chosen) for scope, words in SCOPES.items()],
        overlap=OVERLAP_DAYS,
    )


def _card(key: ApiKey, now: datetime, zone: ZoneInfo) -> Card:
    def day(moment: datetime) -> str:
        return date_text(moment.astimezone(zone).date())

    is_good = key.revoked_at is None and (key.expires_at is None or key.expires_at > now)
    if key.revoked_at is not None:
        state = gettext("It was taken back on {day}.").format(day=day(key.revoked_at))
    elif key.expires_at is None:
        state = gettext("Good until somebody takes it back.")
    elif is_good:
        state = gettext("Good until {day}.").format(day=day(key.expires_at))
    else:
        state = gettext("Ran out on {day}.").format(day=day(key.expires_at))
    return Card(
        mark=key.mark,
        name=key.name,
        may=list_text([gettext(SCOPES[scope]) for scope in key.scopes if scope in SCOPES]),
        state=state,
        used=gettext("Used last on {day}.").format(day=day(key.used_at))
        if key.used_at
        else gettext("Not used yet."),
        is_good=is_good,
        can_rotate=is_good and key.replaced_by_id is None,
    )
