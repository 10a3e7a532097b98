"""What customers agree to, and that they withdrew it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from regulars.kernel.actor import Actor
from regulars.kernel.faults import AHEAD
from regulars.people.errors import ConsentInFuture
from regulars.people.models import (
    Consent,
)
from regulars.people.permission import (
    CHANNELS,
    EVERYWHERE,
    PROFILE,
    PURPOSES,
    Purpose,
    moment_of_word,
)
from regulars.people.queries.consents import latest_consent
from regulars.people.queries.one_person import latest_merge, present_ids
from regulars.people.remembering import one_of, plain_text
from regulars.people.services.holding import hold_person
from regulars.people.services.parting import forget_what_needs_consent

LONGEST_VERSION, LONGEST_PROOF = 40, 500


def record_consent(
    *,
    customer_id: UUID,
    purpose: Purpose,
    channel: str,
    given: bool,
    text_version: str,
    proof: str,
    said_at: datetime | None,
    identity_id: int | None = None,
    actor: Actor,
    now: datetime,
) -> UUID:
    """Writes down that somebody agreed, or withdrew; to be called inside a transaction.

    It may come late: what was said last counts, not what was told last, and what is said now is said
    last (`regulars.people.permission.moment_of_word`). Who withdraws the consent to their profile is not
    known any more by what needed it.

    Args:
        customer_id: Who.
        purpose: To what: of `regulars.people.permission.PURPOSES`, or ``profile``.
        channel: By which channel, "" for ``profile``.
        given: Whether they agreed.
        text_version: Of the text that they were shown; "" for who withdraws and was shown none.
        proof: How they said it: the form, the confirmed link, in whose presence.
        said_at: When they said it, or None for now. A no of a clock that goes ahead, by a day at most, is
            said now.
        identity_id: Of the one address that it is for, where that said it; None for all of theirs.
        actor: Who writes it down.
        now: When.

    Returns:
        The id of what was written down.

    Raises:
        ConsentInFuture: ``said_at`` is still to come, and they agreed then, or it is a day ahead and more.
        UnknownCustomer, CustomerErased: They are not there.
        RegularsError: The purpose or channel is none, or a text cannot be kept.
    """
    hold_person(customer_id)
    ids = present_ids(customer_id)
    one_of(purpose, (*PURPOSES, PROFILE), field="purpose")
    one_of(channel, (EVERYWHERE,) if purpose == PROFILE else CHANNELS, field="channel")
    said_at = _already_said(said_at, given=given, now=now)
    word = Consent.objects.create(
        customer_id=customer_id,
        purpose=purpose,
        channel=channel,
        given=given,
        text_version=_version(text_version, given=given),
        proof=plain_text(proof, field="proof", most=LONGEST_PROOF),
        said_at=_moment(ids, purpose, channel, given=given, said_at=said_at, now=now),
        identity_id=identity_id,
        recorded_by=str(actor),
        after_merge=latest_merge(),
    )
    if purpose == PROFILE:
        forget_what_needs_consent(ids)
    return word.id


def _already_said(said_at: datetime | None, *, given: bool, now: datetime) -> datetime | None:
    """When it was said, or None for now.

    Raises:
        ConsentInFuture: It is still to be said.
    """
    if said_at is None or said_at <= now:
        return said_at
    if given or said_at > now + AHEAD:
        raise ConsentInFuture
    return None  # clocks differ, and a no is never lost for it


def _version(told: str, *, given: bool) -> str:
    """Of the text that they were shown; who withdraws may have been shown none."""
    if not given and not told.strip():
        return ""
    return plain_text(told, field="text_version", most=LONGEST_VERSION)


def _moment(
    ids: Sequence[UUID],
    purpose: Purpose,
    channel: str,
    *,
    given: bool,
    said_at: datetime | None,
    now: datetime,
) -> datetime:
    """When it counts as said, by what was said of the same before."""
    last = latest_consent(ids, purpose, channel)
    latest = (last.said_at, last.given) if last else None
    return moment_of_word(given=given, said_at=said_at, latest=latest, now=now)
