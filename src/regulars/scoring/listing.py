"""Customers as a list asks for them: filtered and ordered by profile, consent, visits and scores."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from regulars.kernel.cursors import InvalidCursor, ends_at, paged
from regulars.people.models import Alias, Customer
from regulars.people.queries import (
    agreed_to,
    is_large,
    latest_here,
    latest_here_of,
    of_places,
    prospects,
)
from regulars.scoring.models import Run, Score
from regulars.scoring.queries import latest_run
from regulars.stream.queries import CAME_BY, came_since

Order = Literal["newest", "known", "here", "name", "spent", "brings"]
ORDERS: tuple[Order, ...] = ("newest", "known", "here", "name", "spent", "brings")
VISIT = "visit.recorded"
MANY_SHARE, FEW = 0.02, 5_000
BY_SCORE: Mapping[str, str] = {"spent": "value_to_date", "brings": "friends"}


@dataclass(frozen=True, kw_only=True)
class Filters:
    """Who is asked for; everything that is set holds.

    Attributes:
        life_cycle: One of `regulars.scoring.core.LIFE_CYCLES`, or "".
        value: One of `regulars.scoring.core.VALUES`, or "".
        unseen_since: Nobody who was here then or later; None for everybody.
        consent: Who agreed to be contacted for a purpose by a channel, or None.
        prospects: Only those who have not bought yet.
        places: Ids of locations; only those who are at home at one of them, or were there.
    """

    life_cycle: str = ""
    value: str = ""
    unseen_since: datetime | None = None
    consent: tuple[str, str] | None = None
    prospects: bool = False
    places: tuple[UUID, ...] = ()

    @property
    def scored(self) -> dict[str, str]:
        """What is asked of scores, by their fields."""
        asked = {"life_cycle": self.life_cycle, "quadrant": self.value}
        return {name: value for name, value in asked.items() if value}

    @property
    def any(self) -> bool:
        """Whether anything is asked."""
        return self != Filters()


@dataclass(frozen=True)
class Listed:
    """Some customers in the order that was asked for.

    Attributes:
        customer_ids: Of those who are shown.
        cursor: Where the next page begins, or None at the end.
    """

    customer_ids: tuple[UUID, ...]
    cursor: str | None


def chosen(filters: Filters, *, run: Run | None = None) -> QuerySet[Customer]:
    """The customers by name of whom everything holds; whoever was merged is there as who is kept.

    Args:
        filters: What is asked.
        run: Whose scores count; None for the latest.
    """
    customers = (
        prospects().order_by()
        if filters.prospects
        else Customer.objects.exclude(name="").exclude(id__in=Alias.objects.values("merged_id"))
    )
    if filters.scored:
        customers = customers.filter(_scored(filters, run or latest_run()))
    if filters.unseen_since is not None:
        came = came_since(filters.unseen_since)
        through = Alias.objects.filter(
            Exists(came.filter(customer_id=OuterRef("merged_id"))), kept_id=OuterRef("id")
        )
        customers = customers.exclude(Exists(came.filter(customer_id=OuterRef("id"))))
        customers = customers.exclude(Exists(through))
    if filters.places:
        customers = customers.filter(of_places(filters.places))
    if filters.consent is not None:
        customers = customers.filter(agreed_to(*filters.consent))
    return customers


def _scored(filters: Filters, run: Run | None) -> Q:
    """Customers of whom scores tell what is asked.

    A page of many is found soonest by looking at one after the other, and a few by their scores.
    """
    scores = Score.objects.filter(run=run, **filters.scored)
    if run is None or _how_many_scored(filters, run) < MANY_SHARE * max(run.customers, 1):
        return Q(id__in=scores.values("customer_id"))
    return Q(Exists(scores.filter(customer_id=OuterRef("id"))))


def _are_few(filters: Filters, run: Run | None) -> bool:
    """Whether those of whom scores tell what is asked are a few among many."""
    if not filters.scored or run is None or not is_large():
        return False
    return _how_many_scored(filters, run) <= FEW


def _how_many_scored(filters: Filters, run: Run) -> int:
    """Of how many a run found what is asked."""
    return sum(
        customers
        for value, standing in run.sizes.items()
        if filters.value in ("", value)
        for life_cycle, customers in standing.items()
        if filters.life_cycle in ("", life_cycle)
    )


def listed(filters: Filters, *, order: Order, most: int, cursor: str | None = None) -> Listed:
    """A page of customers.

    By what they spent or whom they brought, only those stand of whom the latest run found some.

    Args:
        filters: Who is asked for.
        order: What comes first: the newest, who is known longest, who was here last, names, who spent or brought most.
        most: How many on a page.
        cursor: Of the page before, or None for the first.

    Raises:
        InvalidCursor: The cursor is none of ours.
    """
    run = latest_run()
    customers = chosen(filters, run=run)
    if order == "here":
        # Of whom nothing later is told were not here since.
        if _are_few(filters, run):
            few = list(customers.values_list("id", flat=True))
            page = latest_here_of(few, most=most, cursor=cursor)
            return Listed(page.customer_ids, page.cursor)
        others = replace(filters, unseen_since=None)
        page = latest_here(
            most=most,
            cursor=cursor,
            among=chosen(others, run=run) if others.any else None,
            before=filters.unseen_since,
            kinds=(VISIT,) if filters.prospects else CAME_BY,
        )
        return Listed(page.customer_ids, page.cursor)
    last = None if cursor is None else ends_at(cursor, UUID)
    if order == "spent" and filters.prospects:
        ids: list[UUID] = []
    elif order in BY_SCORE:
        unscored = chosen(replace(filters, life_cycle="", value=""), run=run)
        scores = Score.objects.filter(run=run, **filters.scored)
        ids = _by_score(scores, unscored, BY_SCORE[order], most=most, last=last)
    elif order == "name":
        ids = _by_name(customers, most=most, last=last)
    elif order == "known":
        ids = _by_known(customers, most=most, last=last)
    else:  # ids come in the order of time
        newest = customers if last is None else customers.filter(id__lt=last)
        ids = list(newest.order_by("-id").values_list("id", flat=True)[: most + 1])
    return Listed(*paged(ids, limit=most, ordered_by=lambda one: (one,)))


def _by_name(customers: QuerySet[Customer], *, most: int, last: UUID | None) -> list[UUID]:
    # Said so that whoever has no name is not walked over.
    named = customers.annotate(small=Lower("name")).filter(small__gt="").order_by("small", "id")
    if last is not None:
        before = Customer.objects.filter(id=last).annotate(small=Lower("name")).first()
        if before is None:
            raise InvalidCursor
        named = named.filter(small__gte=before.small).filter(
            Q(small__gt=before.small) | Q(small=before.small, id__gt=last)
        )
    return list(named.values_list("id", flat=True)[: most + 1])


def _by_known(customers: QuerySet[Customer], *, most: int, last: UUID | None) -> list[UUID]:
    known = customers.order_by("known_since", "id")
    if last is not None:
        before = Customer.objects.filter(id=last).values_list("known_since", flat=True)
        if not before:
            raise InvalidCursor
        known = known.filter(known_since__gte=before[0]).filter(
            Q(known_since__gt=before[0]) | Q(known_since=before[0], id__gt=last)
        )
    return list(known.values_list("id", flat=True)[: most + 1])


def _by_score(
    scores: QuerySet[Score],
    customers: QuerySet[Customer],
    name: str,
    *,
    most: int,
    last: UUID | None,
) -> list[UUID]:
    ordered = scores.order_by(F(name).desc(nulls_last=True), "customer_id")
    ordered = ordered.filter(Exists(customers.filter(id=OuterRef("customer_id"))))
    if last is None:
        ordered = ordered.filter(**{f"{name}__gt": 0})
    else:
        before = scores.filter(customer_id=last).values_list(name, flat=True)
        if not before or before[0] is None:
            raise InvalidCursor
        # Where an index is entered is said first: of one or the other neither database knows it.
        ordered = ordered.filter(**{f"{name}__range": (1, before[0])}).filter(
            Q(**{f"{name}__lt": before[0]}) | Q(**{name: before[0]}, customer_id__gt=last)
        )
    return list(ordered.values_list("customer_id", flat=True)[: most + 1])
