"""Who looked at whom: every look at a customer leaves a line, by ids alone."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from regulars.kernel.actor import Actor
from regulars.kernel.cursors import as_moment, as_number, ends_at_both, paged
from regulars.kernel.language import ngettext
from regulars.kernel.words import number_text
from regulars.people.models import Look
from regulars.people.queries.one_person import ids_of
from regulars.people.remembering import one_of

WRITTEN_AT_ONCE = 200
A_MINUTE = timedelta(minutes=1)
LOOKS = (Look.PROFILE, Look.TIMELINE, Look.EXPORT, Look.ERASURE)
KINDS = (*LOOKS, Look.TABLE)
TABLES = ("customers", "events", "scores", "list", "segment", "backup")


def looked_at(*, customer_id: UUID, what: str = Look.PROFILE, actor: Actor, now: datetime) -> None:
    """Writes down that somebody looked at a customer.

    Args:
        customer_id: At whom.
        what: At what of theirs, of `LOOKS`.
        actor: Who.
        now: When.

    Raises:
        UnknownKind: ``what`` is nothing to look at.
    """
    Look.objects.create(
        customer_id=customer_id,
        looked_by=str(actor),
        what=one_of(what, LOOKS, field="look"),
        looked_at=now,
    )


def looked_at_many(*, customer_ids: Iterable[UUID], what: str, actor: Actor, now: datetime) -> None:
    """The same of several at once, as of everybody in a list that is taken away.

    Raises:
        UnknownKind: ``what`` is nothing to look at.
    """
    kept = one_of(what, LOOKS, field="look")
    Look.objects.bulk_create(
        (
            Look(customer_id=one, looked_by=str(actor), what=kept, looked_at=now)
            for one in customer_ids
        ),
        batch_size=WRITTEN_AT_ONCE,
    )


def table_taken(*, table: str, rows: int | None, actor: Actor, now: datetime) -> None:
    """Writes down that somebody took a whole table along, or a page of one.

    Args:
        table: Which, of `TABLES`.
        rows: How many it has; None for a backup, which is everything.
        actor: Who.
        now: When.

    Raises:
        UnknownKind: There is no such table.
    """
    Look.objects.create(
        looked_by=str(actor),
        what=Look.TABLE,
        table=one_of(table, TABLES, field="table"),
        rows=rows,
        looked_at=now,
    )


def looks_at(customer_id: UUID) -> Iterator[Look]:
    """Who looked at a customer, the latest first; those at everybody merged into them too."""
    rows = Look.objects.filter(customer_id__in=ids_of(customer_id))
    return rows.order_by("-looked_at", "-id").iterator()


@dataclass(frozen=True)
class LooksPage:
    """Some looks at one customer, the latest first.

    Attributes:
        looks: Of this page.
        cursor: Where the next page begins, or None at the end.
    """

    looks: tuple[Look, ...]
    cursor: str | None


def looks_page(customer_id: UUID, *, cursor: str | None, limit: int) -> LooksPage:
    """A page of who looked at a customer, or at anybody merged into them.

    Args:
        customer_id: At whom.
        cursor: Of the page before, or None for the first.
        limit: How many on a page.

    Raises:
        InvalidCursor: The cursor is none of ours.
    """
    looks = Look.objects.filter(customer_id__in=ids_of(customer_id)).order_by("-looked_at", "-id")
    if cursor is not None:
        looked_at, last = ends_at_both(cursor, as_moment, as_number)
        looks = looks.filter(Q(looked_at__lt=looked_at) | Q(looked_at=looked_at, id__lt=last))
    return LooksPage(
        *paged(looks[: limit + 1], limit=limit, ordered_by=lambda one: (one.looked_at, one.pk))
    )


def looks(
    *,
    by: Actor | None = None,
    what: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    before: int | None = None,
    limit: int,
) -> list[Look]:
    """Some looks, the latest first; None asks for all.

    Args:
        by: Who looked.
        what: At what, of `KINDS`.
        since: From when on.
        until: Before when.
        before: The number of a look, for those that were written down before it.
        limit: At most so many.
    """
    rows = Look.objects.order_by("-looked_at", "-id")
    if by is not None:
        rows = rows.filter(looked_by=str(by))
    if what is not None:
        rows = rows.filter(what=what)
    if since is not None:
        rows = rows.filter(looked_at__gte=since)
    if until is not None:
        rows = rows.filter(looked_at__lt=until)
    latest = Look.objects.filter(pk=before).first() if before is not None else None
    if latest is not None:
        earlier = Q(looked_at__lt=latest.looked_at)
        rows = rows.filter(looked_at__lte=latest.looked_at).filter(
            earlier | Q(looked_at=latest.looked_at, pk__lt=latest.pk)
        )
    return list(rows[:limit])


def by_the_minute(looks: Iterable[Look]) -> list[tuple[Look, int]]:
    """Looks as people read them: what somebody looked at again within a minute is one line, with how often.

    What was taken along or erased is a line each time.

    Args:
        looks: The latest first.

    Returns:
        Each latest look, and how many it stands for, in their order.
    """
    told: list[tuple[Look, int]] = []
    places: dict[tuple[object, ...], int] = {}
    for look in looks:
        alike = (look.looked_by, look.what, look.customer_id)
        place = places.get(alike)
        if (
            place is not None
            and look.what in (Look.PROFILE, Look.TIMELINE)
            and told[place][0].looked_at - look.looked_at < A_MINUTE
        ):
            told[place] = (told[place][0], told[place][1] + 1)
            continue
        places[alike] = len(told)
        told.append((look, 1))
    return told


def how_often(times: int) -> str:
    """How many looks a line stands for, in words; "" for the one."""
    if times == 1:
        return ""
    return ngettext("{count} time", "{count} times", times).format(count=number_text(times))
