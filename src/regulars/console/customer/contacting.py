"""May we write? What a customer agreed to, what the one gate says now and why, and what forbids it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from regulars.console.access import RULES, actor_of, here
from regulars.console.asking.inputs import AskingForm
from regulars.console.customer.forms import ConsentForm, SuppressForm
from regulars.console.customer.head import Shown, about, address, customer_page, to
from regulars.console.customer.overview import names_of
from regulars.console.customer.words import CHANNEL_NAMES, PURPOSE_NAMES, SUPPRESSION_NAMES
from regulars.console.once import once
from regulars.kernel.language import gettext
from regulars.kernel.words import date_text, time_text
from regulars.outreach.services import BY_LINK
from regulars.people.contact import Answer, contact_everywhere
from regulars.people.models import Consent
from regulars.people.permission import (
    CHANNELS,
    EVERYWHERE,
    PROFILE,
    PURPOSES,
    REACHED_BY,
    Channel,
    Purpose,
    said_on,
)
from regulars.people.queries import present_ids
from regulars.people.services import lift_suppression, record_consent, suppress

TONES = {"allowed": "yes", "quiet_hours": "later", "contact_budget": "later"}
Gate = Mapping[tuple[Purpose, Channel], Answer]
Words = Mapping[tuple[str, str], Consent]


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What holds for one purpose by one channel.

    Attributes:
        purpose: In words.
        tone: ``yes``, ``later`` or ``no``.
        state: Whether they may be contacted, and why not.
        told: What they said, when, to which text and how; "" where nobody asked.
        address: To note what they say.
    """

    purpose: str
    tone: str
    state: str
    told: str
    address: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """One channel with what holds for every purpose."""

    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True)
class Barrier:
    """What forbids to contact them.

    Attributes:
        id: To lift it.
        where: On which channel, in words.
        told: Why, since when and who said so.
    """

    id: UUID
    where: str
    told: str


@require_http_methods(["GET"])
def customer_contact(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """What they agreed to, and what holds now."""
    return contact_page(request, customer_id)


@require_POST
def customer_consent(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """They agreed, or withdrew."""
    shown = about(request, customer_id)
    form = ConsentForm(request.POST, today=shown.today)
    if not form.is_valid():
        return contact_page(request, customer_id, wrong=form, status=400)
    told, now, customer = form.cleaned_data, datetime.now(UTC), shown.profile.customer_id
    day, given = told["day"], told["given"] == "yes"
    by_the_day = day is not None and day < shown.today

    def note() -> UUID:
        record_consent(
            customer_id=customer,
            purpose=told["purpose"],
            channel=told["channel"],
            given=given,
            text_version=told["text_version"],
            proof=told["proof"],
            said_at=said_on(day, given=given, zone=shown.zone, now=now) if by_the_day else None,
            actor=actor_of(request),
            now=now,
        )
        return customer

    _, is_new = once(request, key=told["key"], now=now, write=note)
    return to(customer, "consent" if is_new else "again", part="customer_contact")


@require_POST
def customer_suppress(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """They are not to be contacted."""
    customer, *_ = present_ids(customer_id)
    form, now = SuppressForm(request.POST), datetime.now(UTC)
    if not form.is_valid():
        return contact_page(request, customer_id, wrong=form, status=400)
    told = form.cleaned_data

    def note() -> UUID:
        suppress(
            customer_id=customer,
            channel=EVERYWHERE if told["channel"] == "everywhere" else told["channel"],
            reason=told["reason"],
            actor=actor_of(request),
            now=now,
        )
        return customer

    _, is_new = once(request, key=told["key"], now=now, write=note)
    return to(customer, "suppressed" if is_new else "again", part="customer_contact")


@require_POST
def customer_lift(request: HttpRequest, customer_id: UUID, suppression_id: UUID) -> HttpResponse:
    """They may be contacted again."""
    customer, *_ = present_ids(customer_id)
    with transaction.atomic():
        lift_suppression(
            customer_id=customer,
            suppression_id=suppression_id,
            actor=actor_of(request),
            now=datetime.now(UTC),
        )
    return to(customer, "lifted", part="customer_contact")


def contact_page(
    request: HttpRequest, customer_id: UUID, *, wrong: AskingForm | None = None, status: int = 200
) -> HttpResponse:
    """The part, with what is wrong beside the field where something is."""
    _, employee = here(request)
    shown = about(request, customer_id)
    found = shown.profile
    words = {(one.purpose, one.channel): one for one in found.consents}
    gate = contact_everywhere(customer_id=found.customer_id, now=shown.now.astimezone(UTC))
    known = {one.kind for one in found.identities}
    used: set[str] = {channel for channel, kind in REACHED_BY.items() if kind in known}
    used |= {one.channel for one in found.consents}
    lines = {channel: _line(channel, shown, gate, words) for channel in CHANNELS}
    profile_word = words.get((PROFILE, EVERYWHERE))
    consent = ConsentForm(
        initial={name: request.GET.get(name, "") for name in ("purpose", "channel", "given")},
        today=shown.today,
    )
    return customer_page(
        request,
        "customer/contact.html.j2",
        shown,
        at="customer_contact",
        status=status,
        purposes=tuple(gettext(PURPOSE_NAMES[one]) for one in PURPOSES),
        lines=tuple(line for channel, line in lines.items() if channel in used),
        other_lines=tuple(line for channel, line in lines.items() if channel not in used),
        profile_told=_word_told(profile_word, shown) if profile_word else "",
        profile_stands=profile_word is not None and profile_word.given,
        barriers=_barriers(shown),
        consent=(wrong if isinstance(wrong, ConsentForm) else consent).asked(
            address(found.customer_id, "customer_consent"), gettext("Note what they said")
        ),
        suppressing=(wrong if isinstance(wrong, SuppressForm) else SuppressForm()).asked(
            address(found.customer_id, "customer_suppress"), gettext("Contact them there no more")
        ),
        may_lift=employee.role in RULES["customer_lift"],
    )


def _line(channel: Channel, shown: Shown, gate: Gate, words: Words) -> Line:
    return Line(
        name=gettext(CHANNEL_NAMES[channel]),
        cells=tuple(
            _cell(purpose, channel, shown, gate[purpose, channel], words.get((purpose, channel)))
            for purpose in PURPOSES
        ),
    )


def _cell(
    purpose: Purpose, channel: Channel, shown: Shown, answer: Answer, word: Consent | None
) -> Cell:
    asked = {
        "purpose": purpose,
        "channel": channel,
        "given": "no" if word is not None and word.given else "yes",
    }
    contact = address(shown.profile.customer_id, "customer_contact")
    return Cell(
        purpose=gettext(PURPOSE_NAMES[purpose]),
        tone=TONES.get(answer.reason, "no"),
        state=_state(answer, word, shown),
        told=_word_told(word, shown) if word is not None else "",
        address=f"{contact}?{urlencode(asked)}#say",
    )


def _state(answer: Answer, word: Consent | None, shown: Shown) -> str:
    if answer.reason == "no_consent":
        if word is None:
            return gettext("Nobody asked yet")
        if word.given:
            return gettext("Only an address agreed that is not used any more")
        return gettext("They withdrew")
    if answer.again_at is None:
        return answer.sentence
    again = answer.again_at.astimezone(shown.zone)
    if again.date() == shown.today:
        return f"{answer.sentence} " + gettext("Again at {time}.").format(time=time_text(again))
    return f"{answer.sentence} " + gettext("Again from {day} on, {time}.").format(
        day=date_text(again.date()), time=time_text(again)
    )


def _word_told(word: Consent, shown: Shown) -> str:
    """What they said, when, to which text and how."""
    day = date_text(word.said_at.astimezone(shown.zone).date())
    said = gettext("agreed on {day}") if word.given else gettext("withdrew on {day}")
    version = gettext("text {version}").format(version=word.text_version)
    by_link = word.proof.startswith(BY_LINK)
    how = gettext("by the link in a message") if by_link else word.proof
    known = {one.id: one.value for one in shown.profile.identities}
    if word.identity_id in known:
        how = gettext("by the link in a message to {address}").format(
            address=known[word.identity_id]
        )
    return " · ".join((said.format(day=day), *([version] if word.text_version else []), how))


def _barriers(shown: Shown) -> tuple[Barrier, ...]:
    standing = shown.profile.suppressions
    names = names_of(one.recorded_by for one in standing)
    return tuple(
        Barrier(
            id=one.id,
            where=gettext(CHANNEL_NAMES[one.channel])
            if one.channel
            else gettext("On no channel at all"),
            told=" · ".join(
                part
                for part in (
                    one.identity.value if one.identity else "",
                    gettext(SUPPRESSION_NAMES[one.reason]),
                    date_text(one.since.astimezone(shown.zone).date()),
                    names.get(one.recorded_by, ""),
                )
                if part
            ),
        )
        for one in standing
    )
