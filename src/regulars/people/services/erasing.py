"""Erasing somebody, and erasing them again from what a backup brings back.

Events stay: they carry ids and facts, and the books need them. The journal of erasures holds ids and
times alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from django.db import connection, transaction

from regulars.kernel.actor import SYSTEM, Actor
from regulars.people.held import delete_all, see_to_erased
from regulars.people.models import Customer, Erasure, Look, Merge
from regulars.people.names import forget_remembered
from regulars.people.naming import forget_words, words_of
from regulars.people.queries.one_person import ids_of, present_ids
from regulars.people.services.holding import hold_all_of
from regulars.people.services.merging import realign
from regulars.people.sql import BUSY_TIMEOUT, EMPTY_WRITE_AHEAD_LOG

AT_ONCE = 500
READERS_WAITED_FOR_MS = 500


@dataclass(frozen=True, kw_only=True)
class Erased:
    """What was erased.

    Attributes:
        customer_ids: Of the person, the kept one first.
        rows: How many rows were deleted.
    """

    customer_ids: tuple[UUID, ...]
    rows: int


def erase(*, customer_id: UUID, actor: Actor, now: datetime) -> Erased:
    """Erases a person: everything personal, of everybody merged into them too.

    To be called inside a transaction. It cannot be undone.

    Args:
        customer_id: Theirs, or that of somebody merged into them.
        actor: Who does it; the audit keeps it, by their id.
        now: When.

    Raises:
        UnknownCustomer: There never was such a customer.
        CustomerErased: They were erased before.
    """
    hold_all_of(customer_id)
    ids = present_ids(customer_id)
    rows = _delete(ids)
    Erasure.objects.bulk_create(
        [Erasure(customer_id=one, erased_at=now) for one in ids], ignore_conflicts=True
    )
    Look.objects.create(customer_id=ids[0], looked_by=str(actor), what=Look.ERASURE, looked_at=now)
    transaction.on_commit(partial(_note_done, ids, now), robust=True)
    see_to_erased(now=now)
    return Erased(customer_ids=ids, rows=rows)


def replay_erasures(*, journal: Iterable[tuple[UUID, datetime]]) -> int:
    """Erases again whom a restored backup brought back; to be called inside a transaction.

    Everybody in the journal is erased by their own id, whoever they were merged with when the backup was
    taken. Replaying twice changes nothing.

    Args:
        journal: Who, and when they were erased; see `regulars.people.queries.erasures`.

    Returns:
        How many customers were there and are no more.
    """
    entries = list(journal)
    gone = 0
    for start in range(0, len(entries), AT_ONCE):
        some = dict(entries[start : start + AT_ONCE])
        gone += Customer.objects.filter(id__in=some).count()
        _delete(tuple(some))
        Erasure.objects.bulk_create(
            [Erasure(customer_id=one, erased_at=moment) for one, moment in some.items()],
            ignore_conflicts=True,
        )
    _part_from_erased()
    return gone


def note_erased_elsewhere(journal: Mapping[UUID, datetime]) -> None:
    """Writes down who was erased in the house that a file comes from, so that nobody makes them anew here.

    To be called inside a transaction; nobody is erased by it.

    Args:
        journal: None of them a customer here, each with a moment before it.
    """
    Erasure.objects.bulk_create(
        [
            Erasure(customer_id=one, erased_at=moment, done_at=moment)
            for one, moment in journal.items()
        ],
        ignore_conflicts=True,
    )


def _part_from_erased() -> None:
    """Undoes merges in which one side was erased alone: at that time they had been two again."""
    erased = Erasure.objects.values("customer_id")
    standing = Merge.objects.filter(undone_at=None)
    parted = (
        standing.filter(kept_id__in=erased).exclude(merged_id__in=erased)
        | standing.filter(merged_id__in=erased).exclude(kept_id__in=erased)
    ).order_by("merged_at")
    for log in list(parted):
        ids = ids_of(log.merged_id)
        moments = Erasure.objects.filter(customer_id__in=(log.kept_id, log.merged_id))
        log.undone_at, log.undone_by = moments[0].erased_at, str(SYSTEM)
        log.save(update_fields=("undone_at", "undone_by"))
        realign(ids)


def _delete(customer_ids: Sequence[UUID]) -> int:
    """Deletes what every room holds of some persons, and what the database's files and this process keep of it."""
    words = words_of(customer_ids)
    gone = delete_all(customer_ids)
    forget_words(words)
    transaction.on_commit(forget_remembered)
    transaction.on_commit(_empty_write_ahead_log)
    return gone


def _note_done(customer_ids: Sequence[UUID], begun_at: datetime) -> None:
    """Writes down when others saw erased customers no more, by the clock: nothing later holds them."""
    done_at = max(begun_at, datetime.now(UTC))
    Erasure.objects.filter(customer_id__in=customer_ids).update(done_at=done_at)


def _empty_write_ahead_log() -> None:
    """On SQLite, has what was deleted overwritten in its file, as far as no reader needs it."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        ((usual,),) = cursor.execute(BUSY_TIMEOUT).fetchall()
        cursor.execute(f"{BUSY_TIMEOUT} = {READERS_WAITED_FOR_MS}")
        cursor.execute(EMPTY_WRITE_AHEAD_LOG).fetchall()
        cursor.execute(f"{BUSY_TIMEOUT} = {usual}")
