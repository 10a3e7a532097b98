"""The one gate before every message."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, QuerySet

from regulars.kernel.language import gettext
from regulars.people.models import Business, Consent, Contact, Identity, Suppression
from regulars.people.permission import (
    CHANNELS,
    CONFIRMATION,
    EVERYWHERE,
    PURPOSES,
    REACHED_BY,
    SENTENCES,
    THEY_CAME,
    Channel,
    Purpose,
    Reason,
    Rules,
    Standing,
    Verdict,
    verdict,
)
from regulars.people.queries.consents import latest_consent, latest_consents
from regulars.people.queries.one_person import present_ids
from regulars.people.remembering import one_of


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Whether somebody may be contacted, and why.

    Attributes:
        allowed: Whether they may.
        reason: ``allowed``, or what stands in the way.
        sentence: The same in words, in the language in use.
        again_at: When time alone will have cleared it away; None where it takes more than time.
        contact_id: Of the contact that was taken from the budget, where one was.
    """

    allowed: bool
    reason: Reason
    sentence: str
    again_at: datetime | None
    contact_id: UUID | None = None


def may_contact(*, customer_id: UUID, purpose: Purpose, channel: Channel, now: datetime) -> Answer:
    """Whether a customer may be contacted now; see `regulars.people.permission` for the rules.

    Args:
        customer_id: Theirs, or that of somebody merged into them: it is one person, with one consent
            and one budget.
        purpose: What for, of `regulars.people.permission.PURPOSES`, or ``confirmation``.
        channel: By which channel.
        now: When, aware.

    Raises:
        UnknownCustomer, CustomerErased: They are not there.
        UnknownKind: The purpose or channel is none.
    """
    ids = present_ids(customer_id)
    one_of(purpose, (*PURPOSES, CONFIRMATION), field="purpose")
    one_of(channel, CHANNELS, field="channel")
    rules = contact_rules()
    known = Identity.objects.filter(customer_id__in=ids, kind=REACHED_BY.get(channel, ""))
    is_known = channel not in REACHED_BY or known.exists()
    there = [one.id for one in addresses(ids, channel)] if channel in REACHED_BY else []
    is_open = channel not in REACHED_BY or bool(there)
    found = verdict(
        Standing(
            suppressed=is_forbidden(ids, channel) or (is_known and not is_open),
            agreed=_is_yes(latest_consent(ids, purpose, channel), there),
            reachable=is_known,
            contacts=tuple(_counted(ids, rules, now).values_list("made_at", flat=True)),
        ),
        purpose=purpose,
        channel=channel,
        rules=rules,
        now=now,
    )
    return _answer(found)


def is_forbidden(customer_ids: Sequence[UUID], channel: Channel) -> bool:
    """Whether a person, and not only an address of theirs, is not to be contacted on a channel at all."""
    standing = Suppression.objects.filter(customer_id__in=customer_ids, lifted_at=None)
    return standing.filter(identity=None, channel__in=(EVERYWHERE, channel)).exists()


def _is_yes(word: Consent | None, there: Collection[int]) -> bool:
    """Whether a word is a yes that stands: what an address said is for that address, while it is there."""
    return word is not None and word.given and word.identity_id in (None, *there)


def _counted(ids: Sequence[UUID], rules: Rules, now: datetime) -> QuerySet[Contact]:
    """What counts for the budget."""
    since = now - timedelta(days=rules.days)
    told = Contact.objects.filter(customer_id__in=ids, made_at__gt=since)
    return told.exclude(purpose=CONFIRMATION).exclude(channel__in=THEY_CAME)


def _answer(found: Verdict) -> Answer:
    return Answer(
        allowed=found.reason == "allowed",
        reason=found.reason,
        sentence=gettext(SENTENCES[found.reason]),
        again_at=found.again_at,
    )


def contact_everywhere(
    *, customer_id: UUID, now: datetime
) -> Mapping[tuple[Purpose, Channel], Answer]:
    """What `may_contact` answers for every purpose and channel, in as many reads as for one.

    Args:
        customer_id: Theirs, or that of somebody merged into them.
        now: When, aware.

    Raises:
        UnknownCustomer, CustomerErased: They are not there.
    """
    ids, rules = present_ids(customer_id), contact_rules()
    standing = Suppression.objects.filter(customer_id__in=ids, lifted_at=None)
    forbidden = set(standing.filter(identity=None).values_list("channel", flat=True))
    known = tuple(Identity.objects.filter(customer_id__in=ids).values_list("id", "kind"))
    dead = set(standing.exclude(identity=None).values_list("identity_id", "channel"))
    words = latest_consents(ids)
    contacts = tuple(_counted(ids, rules, now).values_list("made_at", flat=True))

    def answer(purpose: Purpose, channel: Channel) -> Answer:
        told = [one for one, kind in known if kind == REACHED_BY.get(channel)]
        there = [one for one in told if (one, channel) not in dead]
        found = Standing(
            suppressed=bool(forbidden & {EVERYWHERE, channel}) or (bool(told) and not there),
            agreed=_is_yes(words.get((purpose, channel)), there),
            reachable=channel not in REACHED_BY or bool(told),
            contacts=contacts,
        )
        return _answer(verdict(found, purpose=purpose, channel=channel, rules=rules, now=now))

    return {
        (purpose, channel): answer(purpose, channel) for purpose in PURPOSES for channel in CHANNELS
    }


def addresses(customer_ids: Sequence[UUID], channel: Channel) -> tuple[Identity, ...]:
    """The addresses of a person by which a channel still reaches them: those that somebody gave, the latest first.

    What a program alone told comes last; it may be somebody's with whom they share a phone.
    """
    dead = Suppression.objects.filter(identity=OuterRef("id"), channel=channel, lifted_at=None)
    theirs = Identity.objects.filter(customer_id__in=customer_ids, kind=REACHED_BY[channel])
    return tuple(theirs.filter(~Exists(dead)).order_by("is_learnt", "-created_at", "-id"))


def address_for(
    customer_ids: Sequence[UUID], purpose: Purpose, channel: Channel
) -> Identity | None:
    """Where to write to a person: the address that agreed itself, else the latest told that is open.

    Args:
        customer_ids: Every id of the one person.
        purpose: What for.
        channel: By which channel.
    """
    word = latest_consent(customer_ids, purpose, channel)
    there = addresses(customer_ids, channel)
    if word is not None and word.identity_id is not None:
        return next((one for one in there if one.id == word.identity_id), None)
    return there[0] if there else None


def contact_rules() -> Rules:
    """How this business writes to people; before it is set up, as one in UTC with the defaults."""
    business = Business.objects.first() or Business(time_zone="UTC")
    return Rules(
        zone=ZoneInfo(business.time_zone),
        quiet_from=business.quiet_from,
        quiet_until=business.quiet_until,
        most=business.contacts_most,
        days=business.contacts_days,
    )
