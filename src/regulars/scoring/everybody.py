"""Reads of everybody at once, for pages and pictures: a few queries, however many customers there are.

All of them count live: who was merged or erased since the run is counted as they are now.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Avg, Count, Exists, F, OuterRef, QuerySet

from regulars.people.models import Alias, Customer
from regulars.people.queries import MOST_TOLD
from regulars.people.remembering import first_part
from regulars.scoring.conditions import Condition, leaves
from regulars.scoring.models import Run, Score
from regulars.scoring.own_fields import asked_of
from regulars.scoring.ready_made import MOVES, WANTS
from regulars.scoring.segments import members, needs_scores, of_scores
from regulars.scoring.sql import WANTED, WANTED_MOST

LOOKED_AT = 20_000  # of what is remembered, for what most of a group want
COUNTED = frozenset(("quadrant", "life_cycle", "quadrant_before", "life_cycle_before"))
NAMED = 12  # of the plot: those who stand out


@dataclass(frozen=True)
class Member:
    """Somebody in a list, with what the latest run found about them; None where it does not know them."""

    customer_id: UUID
    score: Score | None


@dataclass(frozen=True, kw_only=True)
class Want:
    """Something that people want.

    Attributes:
        kind: Of `regulars.people.remembering.PREFERENCES`.
        subject: What they have in common.
        text: As one of them put it.
        customers: How many they are.
    """

    kind: str
    subject: str
    text: str
    customers: int


@dataclass(frozen=True, kw_only=True)
class Dots:
    """Customers as dots of a plot.

    Attributes:
        scores: Those drawn; who stands out is always among them.
        customers: How many stand in each quadrant.
        every: Of the others, one in so many is drawn.
    """

    scores: tuple[Score, ...]
    customers: Mapping[str, int]
    every: int


def page_of(
    condition: Condition | None, run: Run | None, *, start: int, limit: int
) -> tuple[tuple[Member, ...], int]:
    """Some of those who fulfil a condition, whoever spent most first, and how many do.

    Where they are more than `MOST_TOLD` and no index counts them, they are one more than that.

    Args:
        condition: None for everybody.
        run: Whose scores count.
        start: How many to leave out.
        limit: How many at most.
    """
    customers = how_many_fulfil(condition, run)
    scored = _scored(run, condition, are_many=customers > MOST_TOLD)
    found = [
        Member(one.customer_id, _of(run, one)) for one in _ordered(scored)[start : start + limit]
    ]
    if len(found) < limit and (condition is None or not needs_scores(condition)):
        first = max(start - (start + len(found) if found else scored.count()), 0)
        others = _unscored(run, condition).order_by("created_at", "id")
        ids = others.values_list("id", flat=True)[first : first + limit - len(found)]
        found += [Member(one, None) for one in ids]
    return tuple(found), customers


def how_many_fulfil(condition: Condition | None, run: Run | None) -> int:
    """How many customers fulfil a condition; of more than `MOST_TOLD` one more than that, where it asks anything."""
    if condition is None:
        return _everybody()
    asked = of_scores(condition)
    if asked is None:
        return _at_most(members(condition, run, some=True))
    scored = _scored(run, condition)
    return scored.count() if _is_counted(condition) else _at_most(scored)


def all_of(condition: Condition | None, run: Run | None) -> tuple[UUID, ...]:
    """Everybody who fulfils a condition, in the order of `page_of`."""
    others = _unscored(run, condition).order_by("created_at", "id")
    return (
        *_ordered(_scored(run, condition)).values_list("customer_id", flat=True),
        *others.values_list("id", flat=True),
    )


def scores_of(customer_ids: Collection[UUID], run: Run | None) -> Mapping[UUID, Score]:
    """What a run found about some; who is not known to it is left out."""
    scores = Score.objects.filter(run=run, customer_id__in=customer_ids)
    return {one.customer_id: _of(run, one) for one in scores}


def crossed(condition: Condition | None, run: Run | None) -> Mapping[tuple[str, str], int]:
    """How many stand where by value and life cycle; "" is who stands nowhere.

    Args:
        condition: Of whom; None for everybody.
        run: Whose scores count.
    """
    scored = _scored(run, condition)
    rows = scored.values_list("quadrant", "life_cycle").annotate(n=Count("id"))
    found = {(value, standing): customers for value, standing, customers in rows.order_by()}
    everybody = _everybody() if condition is None else members(condition, run).count()
    unknown = everybody - sum(found.values())
    if unknown:
        found["", ""] = found.get(("", ""), 0) + unknown
    return found


def wants(*, most: int) -> tuple[Want, ...]:
    """What most people want, by kind and then by how many they are.

    Args:
        most: Of each kind.
    """
    return tuple(
        Want(kind=kind, subject=subject, text=first_part(text), customers=customers)
        for kind, subject, text, customers in _rows(WANTED, [most])
    )


def wanted_most(run: Run | None) -> Mapping[tuple[str, str], Want]:
    """What those who stand somewhere by value and life cycle want most, where anything is known.

    Found in the latest `LOOKED_AT` things that are remembered.
    """
    if run is None:
        return {}
    key = Run._meta.pk.get_db_prep_value(run.id, connection)  # noqa: SLF001  (Django's own way)
    marks = ", ".join(["%s"] * len(WANTS))
    rows = _rows(WANTED_MOST.format(kinds=marks), [*WANTS, LOOKED_AT, key])
    return {
        (value, standing): Want(
            kind=kind, subject=subject, text=first_part(text), customers=customers
        )
        for value, standing, kind, subject, text, customers in rows
    }


def by_rhythm(run: Run | None) -> Mapping[tuple[int, int], tuple[int, float]]:
    """How many came how recently and how often, and what each of them spent in the mean, in minor units.

    Returns:
        By recency and frequency, both from 1 to 5.
    """
    rows = (
        _scored(run, None)
        .filter(r__isnull=False, f__isnull=False)
        .values_list("r", "f")
        .annotate(n=Count("id"), mean=Avg("value_to_date"))
        .order_by()
    )
    return {(r, f): (customers, float(mean or 0)) for r, f, customers, mean in rows}


def dots(run: Run | None, *, spending: str, most: int) -> Dots:
    """Everybody who stands in a quadrant, or a fair part of them where they are many.

    Args:
        run: Whose scores count.
        spending: The column of what somebody spends.
        most: How many at most, those who stand out besides.
    """
    placed = _scored(run, None).exclude(quadrant="")
    customers = dict(placed.values_list("quadrant").annotate(n=Count("id")).order_by())
    every = max(-(-sum(customers.values()) // most), 1)
    columns = ("customer_id", "quadrant", "friends", "sender_value", spending, "run_id")
    drawn: dict[int, Score] = {
        one.id: one for one in placed.alias(at=F("id") % every).filter(at=0).only(*columns)
    }
    for column in (spending, "sender_value"):
        leading = placed.order_by(F(column).desc(nulls_last=True), "id")
        drawn |= {one.id: one for one in leading.only(*columns)[:NAMED]}
    return Dots(scores=tuple(drawn.values()), customers=customers, every=every)


def moved(run: Run | None, *, most: int) -> Mapping[str, tuple[int, tuple[UUID, ...]]]:
    """Who stands elsewhere than at the end of the day before: how many, and the first of them.

    Args:
        run: The latest.
        most: How many of each.
    """
    if run is None or run.before is None:
        return {}
    found = {}
    for name, asked in MOVES.items():
        some, customers = page_of(asked_of(asked), run, start=0, limit=most)
        found[name] = (customers, tuple(one.customer_id for one in some))
    return found


def _scored(
    run: Run | None, condition: Condition | None, *, are_many: bool = False
) -> QuerySet[Score]:
    scores = Score.objects.filter(run=run)
    if condition is None:
        return scores
    asked = of_scores(condition)
    if asked is not None:
        return scores.filter(asked)
    whose = members(condition, run, some=are_many)
    if are_many:
        return scores.filter(Exists(whose.filter(id=OuterRef("customer_id"))))
    return scores.filter(customer_id__in=whose.values("id"))


def _unscored(run: Run | None, condition: Condition | None) -> QuerySet[Customer]:
    scored = Score.objects.filter(run=run, customer_id=OuterRef("id"))
    return members(condition, run).filter(~Exists(scored))


def _everybody() -> int:
    """How many customers there are, each person once, by two indexes."""
    merged = Customer.objects.filter(id__in=Alias.objects.values("merged_id"))
    return Customer.objects.count() - merged.count()


def _is_counted(condition: Condition) -> bool:
    """Whether an index counts those who fulfil a condition."""
    return {leaf.field.name for leaf in leaves(condition)} <= COUNTED


def _at_most(rows: QuerySet[Any]) -> int:
    """How many rows there are, and of more than `MOST_TOLD` one more than that."""
    return rows.order_by()[: MOST_TOLD + 1].count()


def _ordered(scored: QuerySet[Score]) -> QuerySet[Score]:
    return scored.order_by(F("value_to_date").desc(nulls_last=True), "customer_id")


def _of(run: Run | None, score: Score) -> Score:
    """The score with its run, which is read once for all of them."""
    if run is not None:
        score.run = run
    return score


def _rows(query: str, told: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, told)
        return list(cursor.fetchall())
