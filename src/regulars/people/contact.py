"""The one gate before every message."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from regulars.kernel.language import gettext
from regulars.people.models import Business, Contact, Identity, Suppression
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
    verdict,
)
from regulars.people.queries.consents import consent_stands
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
    """

    allowed: bool
    reason: Reason
    sentence: str
    again_at: datetime | None


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
    forbids = Suppression.objects.filter(
        customer_id__in=ids, lifted_at=None, channel__in=(EVERYWHERE, channel)
    )
    known = Identity.objects.filter(customer_id__in=ids, kind=REACHED_BY.get(channel, ""))
    counted = (
        Contact.objects.filter(customer_id__in=ids, made_at__gt=now - timedelta(days=rules.days))
        .exclude(purpose=CONFIRMATION)
        .exclude(channel__in=THEY_CAME)
    )
    found = verdict(
        Standing(
            suppressed=forbids.exists(),
            agreed=consent_stands(ids, purpose, channel),
            reachable=channel not in REACHED_BY or known.exists(),
            contacts=tuple(counted.values_list("made_at", flat=True)),
        ),
        purpose=purpose,
        channel=channel,
        rules=rules,
        now=now,
    )
    return Answer(
        allowed=found.reason == "allowed",
        reason=found.reason,
        sentence=gettext(SENTENCES[found.reason]),
        again_at=found.again_at,
    )


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
