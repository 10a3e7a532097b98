"""What all parts of a customer's page have in common: who it is, and the way to the other parts."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from regulars.console.access import RULES, actor_of, here
from regulars.console.customer.known import contacts_of
from regulars.console.frame import Way, page
from regulars.console.shown.names import initial_of, name_of
from regulars.kernel.language import gettext, mark
from regulars.kernel.words import date_text
from regulars.people.audit import looked_at
from regulars.people.models import Look
from regulars.people.queries import Profile, profile
from regulars.scoring.core import LIFE_CYCLE_NAMES
from regulars.scoring.models import Score
from regulars.scoring.queries import latest

PARTS = (
    ("customer", mark("At a glance")),
    ("customer_about", mark("What we know")),
    ("customer_contact", mark("May we write?")),
    ("customer_data", mark("Their data")),
)
# One of them, where the list of `regulars.scoring.core` names many.
VALUE_MARKS = {
    "champion": mark("Champion"),
    "affluent": mark("Spender"),
    "advocate": mark("Sender"),
}
SAID = {
    "added": mark("Added. Now you know each other by name."),
    "visit": mark("The visit is noted."),
    "purchase": mark("The purchase is noted."),
    "refund": mark("The refund is noted."),
    "receipt": mark("The receipt is theirs now. If it is not, put it back below."),
    "receipt_back": mark("The receipt is nobody’s again."),
    "sender": mark("Noted who brought them. If that is wrong, take it back below."),
    "sender_back": mark("It is taken back. If you know who did bring them, write it below."),
    "remembered": mark("It will be remembered."),
    "note": mark("The note is saved."),
    "again": mark("That was noted already; it counts once."),
    "changed": mark("Changed."),
    "forgotten": mark("Forgotten."),
    "consent": mark("Noted what they said."),
    "written": mark("It is on its way."),
    "asked": mark("They are asked. What they say will be noted here by itself."),
    "suppressed": mark("Nobody will contact them there."),
    "lifted": mark("They may be contacted again, where they agreed."),
    "merged": mark("They are one person now. You can take that back below."),
    "unmerged": mark("They are two people again."),
}


@dataclass(frozen=True, kw_only=True)
class Head:
    """Who a page is about.

    Attributes:
        id: Of the customer who is shown.
        name: As people say it.
        initial: Of the name.
        contacts: Phones and e-mail addresses.
        since: Since when they are known, in words.
        marks: What to know at once, kind and words.
        parts: The parts of the page that one may see.
    """

    id: UUID
    name: str
    initial: str
    contacts: tuple[str, ...]
    since: str
    marks: tuple[tuple[str, str], ...]
    parts: tuple[Way, ...]


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What the parts of the page are made of.

    Attributes:
        profile: What is remembered.
        score: What the latest run found, or None.
        zone: Of the business.
        now: When, in that zone.
        known_since: The day from which on anything tells of them.
    """

    profile: Profile
    score: Score | None
    zone: ZoneInfo
    now: datetime
    known_since: date

    @property
    def today(self) -> date:
        """Of the business."""
        return self.now.date()


def about(request: HttpRequest, customer_id: UUID, *, what: str = Look.PROFILE) -> Shown:
    """What is known of a customer; who looks leaves a line.

    Raises:
        UnknownCustomer, CustomerErased: They are not there.
    """
    business, _ = here(request)
    zone = ZoneInfo(business.time_zone)
    found = profile(customer_id)
    if request.method == "GET":
        looked_at(
            customer_id=found.customer_id,
            what=what,
            actor=actor_of(request),
            now=datetime.now(UTC),
        )
    return Shown(
        profile=found,
        score=latest(found.customer_id),
        zone=zone,
        now=datetime.now(zone),
        known_since=found.known_since.astimezone(zone).date(),
    )


def customer_page(
    request: HttpRequest,
    template: str,
    shown: Shown,
    *,
    at: str,
    status: int = 200,
    **words: Any,
) -> HttpResponse:
    """Renders a part of a customer's page.

    Args:
        request: By somebody who is signed in.
        template: Of the part.
        shown: Whom it is about.
        at: The route of the part.
        status: Of the answer.
        **words: What the part says.
    """
    return page(
        request,
        template,
        at="customers",
        status=status,
        head=_head(request, shown, at),
        said=gettext(SAID.get(request.GET.get("said", ""), "")),
        **words,
    )


def to(customer_id: UUID, said: str, *, part: str = "customer", place: str = "") -> HttpResponse:
    """On to a part of the page, which says what was done."""
    return redirect(f"{address(customer_id, part)}?said={said}{place}")


def back_or_to(request: HttpRequest, customer_id: UUID, said: str) -> HttpResponse:
    """Back to the list that something was noted from, else on to the customer's page."""
    back = str(request.POST.get("back", ""))
    if not is_list(back):
        return to(customer_id, said)
    return redirect(f"{back}{'&' if '?' in back else '?'}said={said}")


def is_list(address: str) -> bool:
    """Whether an address is a list of customers, and ours."""
    customers = reverse("customers")
    return url_has_allowed_host_and_scheme(address, allowed_hosts=None) and (
        address == customers or address.startswith(f"{customers}?")
    )


def address(customer_id: UUID, part: str = "customer") -> str:
    """Of a part of the page."""
    return reverse(part, kwargs={"customer_id": customer_id})


def _head(request: HttpRequest, shown: Shown, at: str) -> Head:
    _, employee = here(request)
    found = shown.profile
    return Head(
        id=found.customer_id,
        name=name_of(found.name),
        initial=initial_of(found.name),
        contacts=contacts_of(found.identities),
        since=gettext("Known since {day}").format(day=date_text(shown.known_since)),
        marks=tuple(_marks(shown)),
        parts=tuple(
            Way(address(found.customer_id, route), gettext(name), is_here=route == at)
            for route, name in PARTS
            if employee.role in RULES[route]
        ),
    )


def _marks(shown: Shown) -> list[tuple[str, str]]:
    marks = []
    score = shown.score
    if score is not None and score.quadrant in VALUE_MARKS:
        marks.append((score.quadrant, gettext(VALUE_MARKS[score.quadrant])))
    if score is not None and score.life_cycle in LIFE_CYCLE_NAMES:
        name = next(words for one, words in LIFE_CYCLE_NAMES.items() if one == score.life_cycle)
        marks.append((f"life {score.life_cycle}", gettext(name)))
    if shown.profile.is_prospect:
        marks.append(("prospect", gettext("Has not bought yet")))
    if shown.profile.suppressions:
        marks.append(("quiet-please", gettext("Not on every channel")))
    return marks
