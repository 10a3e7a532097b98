"""Who may be written to or called, and why not: pure rules.

The one gate asks in this order: does anything forbid it (a bounce, a complaint, "never"), did they
agree, is there a way to reach them, is it a quiet hour, were they heard from often enough.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from regulars.kernel.language import mark

Purpose = Literal["news", "care", "survey", "community", "profile", "confirmation"]
Channel = Literal["counter", "web", "email", "sms", "chat", "app", "phone", "post"]
Reason = Literal[
    "allowed", "suppressed", "no_consent", "no_address", "quiet_hours", "contact_budget"
]
PROFILE: Purpose = "profile"
EVERYWHERE = ""  # instead of a channel: where none is meant
# What can be agreed to. A confirmation answers what somebody just did (it asks for the consent itself,
# or brings a link they asked for); it needs none, and waits for nothing.
CONFIRMATION: Purpose = "confirmation"
PURPOSES: tuple[Purpose, ...] = ("news", "care", "survey", "community")
CHANNELS: tuple[Channel, ...] = (
    *("counter", "web", "email", "sms", "chat", "app", "phone", "post"),
)
# Here they came to us; everywhere else we come to them, which has its hours and its measure.
THEY_CAME: tuple[Channel, ...] = ("counter", "web")
WITHOUT_HOURS: tuple[Channel, ...] = ("counter", "web", "post")
SUPPRESSIONS = ("complaint", "never")
BOUNCE = "bounce"  # of an address
# What a channel reaches people by; the others know them by themselves.
REACHED_BY: dict[Channel, str] = {"email": "email", "sms": "phone", "phone": "phone"}
SENTENCES = {
    "allowed": mark("They may be contacted."),
    "suppressed": mark("They do not want to be contacted, or cannot be reached this way."),
    "no_consent": mark("They have not agreed to this."),
    "no_address": mark("We know no way to reach them there."),
    "quiet_hours": mark("It is a quiet hour; wait until it is over."),
    "contact_budget": mark("They have heard from us often enough for now."),
}


@dataclass(frozen=True, kw_only=True)
class Rules:
    """How a business writes to people.

    Attributes:
        zone: Where its hours are counted.
        quiet_from, quiet_until: The quiet hours, over midnight where the first is later; the same for
            none.
        most: Contacts with one customer over all purposes,
        days: in so many days.
    """

    zone: ZoneInfo
    quiet_from: time
    quiet_until: time
    most: int
    days: int


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How things stand with one customer, for one purpose and channel.

    Attributes:
        suppressed: Whether anything forbids this channel, or every address of theirs on it.
        agreed: Whether their latest word on this purpose and channel was yes.
        reachable: Whether there is an address for the channel.
        contacts: When they were contacted before, in any order.
    """

    suppressed: bool
    agreed: bool
    reachable: bool
    contacts: Sequence[datetime] = ()


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Whether they may be contacted.

    Attributes:
        reason: ``allowed``, or what stands in the way.
        again_at: When time alone will have cleared that away; None where it takes more than time.
    """

    reason: Reason
    again_at: datetime | None = None


def verdict(
    standing: Standing, *, purpose: str, channel: str, rules: Rules, now: datetime
) -> Verdict:
    """Whether somebody may be contacted now, and what stands in the way first."""
    reason = _forbidding(standing, purpose)
    if reason is not None:
        return Verdict(reason=reason)
    if purpose != CONFIRMATION and channel not in WITHOUT_HOURS:
        over = quiet_hours_end(now, rules)
        if over is not None:
            return Verdict(reason="quiet_hours", again_at=over)
    if purpose != CONFIRMATION and channel not in THEY_CAME:
        free = budget_frees(standing.contacts, rules, now)
        if free is not None:
            return Verdict(reason="contact_budget", again_at=free if rules.most else None)
    return Verdict(reason="allowed")


def _forbidding(standing: Standing, purpose: str) -> Reason | None:
    """What stands in the way that time alone does not clear away."""
    if standing.suppressed:
        return "suppressed"
    if purpose != CONFIRMATION and not standing.agreed:
        return "no_consent"
    return None if standing.reachable else "no_address"


def quiet_hours_end(now: datetime, rules: Rules) -> datetime | None:
    """When the quiet hours that it is now are over, or None outside of them.

    The first moment at which the clock on the wall shows no quiet hour: where clocks are put forward
    over the end, or back to before the beginning, that is the moment at which they are.
    """
    local = now.astimezone(rules.zone)
    if not _is_quiet(local, rules):
        return None
    end = rules.quiet_until
    day = local.date() if _clock(local) < end else local.date() + timedelta(days=1)
    over = datetime.combine(day, end, tzinfo=rules.zone)
    # Where clocks are put back the end comes twice, and the first may be over.
    over = over.astimezone(UTC) if over.astimezone(UTC) > now else over.replace(fold=1)
    over = over.astimezone(UTC)
    changed = _clocks_change(now, over, rules.zone)
    if changed is not None and not _is_quiet(changed.astimezone(rules.zone), rules):
        return changed
    return over


def _is_quiet(local: datetime, rules: Rules) -> bool:
    start, end, clock = rules.quiet_from, rules.quiet_until, _clock(local)
    return start <= clock < end if start <= end else clock >= start or clock < end


def _clock(local: datetime) -> time:
    return local.time().replace(tzinfo=None)


def _clocks_change(after: datetime, until: datetime, zone: ZoneInfo) -> datetime | None:
    """The second at which clocks are put forward or back, or None where they are not."""

    def offset(second: int) -> timedelta | None:
        return datetime.fromtimestamp(second, zone).utcoffset()

    low, high = int(after.timestamp()), int(until.timestamp())
    before = offset(low)
    if offset(high) == before:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if offset(middle) == before else (low, middle)
    return datetime.fromtimestamp(high, UTC)


def said_on(day: date, *, given: bool, zone: ZoneInfo, now: datetime) -> datetime:
    """When something counts as said that is told by the day alone, of a day before today.

    A yes at its beginning and a no at its end, so that a no holds against every yes of its day.
    """
    if given:
        return datetime.combine(day, time.min, tzinfo=zone)
    after = datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone).astimezone(UTC)
    return min(after - datetime.resolution, now)


def moment_of_word(
    *, given: bool, said_at: datetime | None, latest: tuple[datetime, bool] | None, now: datetime
) -> datetime:
    """When a word on being contacted counts as said; the latest counts, and of one moment a no.

    What is said now is the latest word, whatever the clock showed at the one before: it may have gone
    ahead then. Against a yes that lies ahead of the clock a no holds that is told of any moment.

    Args:
        given: Whether they agreed.
        said_at: When they said it, or None for now.
        latest: When their latest word counts as said, and whether that was yes; None where there is none.
        now: By the clock.
    """
    if latest is None:
        return said_at or now
    last, was_yes = latest
    if said_at is None:
        return max(now, last + datetime.resolution if given else last)
    return max(said_at, last) if not given and was_yes and last > now else said_at


def budget_frees(contacts: Sequence[datetime], rules: Rules, now: datetime) -> datetime | None:
    """When the budget has room again, or None where it has now.

    A contact counts for ``days`` times 24 hours; those to come (a clock was wrong) count too.
    """
    span = timedelta(days=rules.days)
    counted = sorted(moment for moment in contacts if moment > now - span)
    if len(counted) < rules.most:
        return None
    return counted[-rules.most] + span if rules.most else now
