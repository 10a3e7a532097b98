"""Putting something into the outbox, and delivering what is due."""

import logging
import traceback
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from regulars.kernel.ids import new_id
from regulars.kernel.outbox.core import (
    CLAIM_LASTS,
    Delivered,
    Deliverer,
    Failed,
    GivenUp,
    Later,
    Outcome,
    Refused,
    wait_after,
)
from regulars.kernel.outbox.models import OutboxRow

OUR_FAULT = "our_fault"
KEPT_DAYS = 30

log = logging.getLogger(__name__)


def put(*, kind: str, subject_id: UUID, now: datetime) -> UUID:
    """Has something delivered; to be called in the transaction that writes it.

    Args:
        kind: Who delivers it.
        subject_id: Of the thing; it waits once, however often it is put.
        now: When.

    Returns:
        The id of the row.
    """
    row, _ = OutboxRow.objects.get_or_create(
        kind=kind,
        subject_id=subject_id,
        ended_at=None,
        defaults={"written_at": now, "due_at": now},
    )
    return row.id


def take_back(*, kind: str, reason: str, now: datetime, subject_id: UUID | None = None) -> None:
    """Has what waits not delivered; inside a transaction.

    Args:
        kind: Who would have delivered it.
        reason: Why not.
        now: When.
        subject_id: Of the thing; None for all of the kind.
    """
    waiting = OutboxRow.objects.filter(kind=kind, ended_at=None)
    if subject_id is not None:
        waiting = waiting.filter(subject_id=subject_id)
    waiting.update(ended_at=now, ended_as=OutboxRow.REFUSED, reason=reason)


def deliver_due(
    *, deliverers: Mapping[str, Deliverer], clock: Callable[[], datetime], most: int = 1_000
) -> int:
    """Delivers what is due, one after the other; several may do so at once.

    To be called outside of any transaction.

    Args:
        deliverers: By kind.
        clock: Says when it is, aware.
        most: Rows at a time.

    Returns:
        How many were tried.
    """
    tried = 0
    while tried < most:
        row = claim(now=clock())
        if row is None:
            break
        _deliver(row, deliverers, clock)
        tried += 1
    return tried


def claim(*, now: datetime) -> OutboxRow | None:
    """Takes the row that is due the longest, for ten minutes; nobody else gets it meanwhile.

    PostgreSQL passes by what others hold; SQLite has one writer anyway.
    """
    due = OutboxRow.objects.filter(ended_at=None, due_at__lte=now).order_by("due_at", "id")
    if not due.exists():  # which takes no lock
        return None
    with transaction.atomic():
        row = due.select_for_update(skip_locked=True).first()
        if row is not None:
            row.claim, row.due_at, row.tries = new_id(), now + CLAIM_LASTS, row.tries + 1
            row.save(update_fields=("claim", "due_at", "tries"))
    return row


def forget_delivered(*, now: datetime) -> None:
    """Deletes rows that ended a month ago."""
    OutboxRow.objects.filter(ended_at__lt=now - timedelta(days=KEPT_DAYS)).delete()


def _deliver(
    row: OutboxRow, deliverers: Mapping[str, Deliverer], clock: Callable[[], datetime]
) -> None:
    deliverer = deliverers[row.kind]
    try:
        outcome = deliverer.attempt(row.subject_id, clock())
    except Exception as error:  # noqa: BLE001  (the next row is not to suffer for it)
        # Without the error's own words: they may name somebody.
        where = "".join(traceback.format_tb(error.__traceback__))
        log.error("Outbox row %s: %s\n%s", row.id, type(error).__name__, where)  # noqa: TRY400
        outcome = Failed(OUR_FAULT)
    now = clock()
    with transaction.atomic():
        deliverer.hold(row.subject_id)
        held = OutboxRow.objects.filter(id=row.id, claim=row.claim, ended_at=None)
        mine = held.select_for_update().first()
        if mine is not None:  # else the claim ran out, and another has it
            final = _written(mine, outcome, now)
            deliverer.settle(row.subject_id, final, now)


def _written(row: OutboxRow, outcome: Outcome, now: datetime) -> Outcome:
    """Writes an outcome to its row; a failure that was the last becomes giving up."""
    wait = wait_after(row.tries) if isinstance(outcome, Failed) else None
    if isinstance(outcome, Failed) and wait is None:
        outcome = GivenUp(outcome.reason)
    row.claim = None
    match outcome:
        case Delivered():
            row.reason, row.ended_at, row.ended_as = "", now, OutboxRow.DELIVERED
        case Refused(reason):
            row.reason, row.ended_at, row.ended_as = reason, now, OutboxRow.REFUSED
        case GivenUp(reason):
            row.reason, row.ended_at, row.ended_as = reason, now, OutboxRow.GIVEN_UP
        case Later(reason, at):
            row.reason, row.due_at, row.tries = reason, at, row.tries - 1
        case Failed(reason):
            row.reason, row.due_at = reason, now + (wait or timedelta())
    row.save()
    return outcome
