"""From a condition to the customers who fulfil it, and why each does: one compiler to SQL."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Value
from django.db.models.functions import StrIndex

from regulars.people.models import Alias, Customer, Identity, Preference
from regulars.people.queries import (
    everyone,
    is_large,
    latest_values,
    location_names,
    of_whole_person,
    with_numbers,
)
from regulars.people.remembering import PREFERENCES, in_small_letters, subject_of
from regulars.scoring.conditions import (
    AT_HOME,
    ATTRIBUTE,
    WAS_AT,
    Condition,
    Every,
    Leaf,
    Not,
    is_of_the_profile,
    leaves,
)
from regulars.scoring.models import Run, Score
from regulars.stream.places import at_locations

LOOKUPS = {"at_least": "gte", "at_most": "lte", "any_of": "in", "is": "exact"}
ONE_LETTER = (
    "iI\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}\N{LATIN SMALL LETTER DOTLESS I}",
    "sS\N{LATIN SMALL LETTER LONG S}",
    "σςΣ",
    "ßẞ",
)
MANY_ROWS = 100_000
IDENTITIES = {"has_email": "email", "has_phone": "phone"}


@dataclass(frozen=True)
class Answered:
    """One question of a condition, answered for one customer.

    Attributes:
        leaf: The question.
        holds: Whether it does.
        known: What is known of them; None where nothing is.
    """

    leaf: Leaf
    holds: bool
    known: Any


def compiled(
    condition: Condition,
    run: Run | None,
    among: Collection[UUID] | None = None,
    *,
    some: bool = False,
) -> Q:
    """A condition as a filter of customers.

    Every question is whether the customer is among those of whom it holds, so nothing is ever
    neither true nor false, and ``not`` turns around all the rest.

    Args:
        condition: What is asked.
        run: Whose scores count; without one nobody has any.
        among: Every id of those of whom it is asked, so that nobody else is looked up; None for all.
        some: Whether only some of them are wanted, so that one customer after the other is better asked by
            themselves where much is told that fulfils it.
    """
    if isinstance(condition, Leaf):
        return _asked(condition, run, among, some=some)
    if isinstance(condition, Not):
        return ~compiled(condition.of, run, among, some=some)
    both = and_ if isinstance(condition, Every) else or_
    return reduce(both, (compiled(part, run, among, some=some) for part in condition.of))


def of_scores(condition: Condition) -> Q | None:
    """A condition as a filter of scores, where it asks of nothing else and turns nothing around; else None.

    Scores are of who is shown, so those that fulfil it are of those who do.
    """
    if isinstance(condition, Leaf):
        name = condition.field.name
        if is_of_the_profile(name):
            return None
        return Q(**{f"{name}__{LOOKUPS[condition.operator]}": condition.value})
    if isinstance(condition, Not):
        return None
    parts = [one for part in condition.of if (one := of_scores(part)) is not None]
    if len(parts) < len(condition.of):
        return None
    return reduce(and_ if isinstance(condition, Every) else or_, parts)


def _asked(leaf: Leaf, run: Run | None, among: Collection[UUID] | None, *, some: bool) -> Q:
    name = leaf.field.name
    of_them = {} if among is None else {"customer_id__in": among}
    if name in IDENTITIES:
        having = _whose(Identity.objects.filter(kind=IDENTITIES[name], **of_them), some=some)
        return having if leaf.value else ~having
    if name.startswith(ATTRIBUTE):
        return Q(id__in=_attribute_holds(leaf, among).values("shown_id"))
    if name == WAS_AT:
        return _whose(at_locations(_chosen(leaf)).filter(**of_them), some=some)
    if name == AT_HOME:
        return Q(location_id__in=_chosen(leaf))
    if name in PREFERENCES:
        told = Preference.objects.filter(kind=name, **of_them)
        if leaf.operator == "about":
            told = told.filter(subject=subject_of(str(leaf.value)))
        else:
            part = Value(in_small_letters(str(leaf.value)))
            told = told.alias(at=StrIndex("small", part)).filter(at__gt=0)
        return _whose(told, some=some)
    asked = {f"{name}__{LOOKUPS[leaf.operator]}": leaf.value, **of_them}
    return _of_those(Score.objects.filter(run=run, **asked), some=some)


def _of_those(scores: QuerySet[Score], *, some: bool) -> Q:
    """The customers of some scores."""
    if some and are_many(scores):
        return Q(Exists(scores.filter(customer_id=OuterRef("id"))))
    return Q(id__in=scores.values("customer_id"))


def _anywhere(text: str) -> str:
    """A text as an expression that finds it in another whatever the capitals, on both databases alike.

    SQLite's own LIKE knows capitals of A to Z alone, Django's expressions know all; of these few letters
    PostgreSQL's differ from them.
    """
    alike = {letter: f"[{letters}]" for letters in ONE_LETTER for letter in letters}
    return "".join(alike.get(letter) or re.escape(letter) for letter in text)


def _attribute_holds(leaf: Leaf, among: Collection[UUID] | None) -> QuerySet[Any]:
    """The latest values of an attribute of which a question holds."""
    told = latest_values([leaf.field.name.removeprefix(ATTRIBUTE)], among=among)
    lookup = LOOKUPS.get(leaf.operator, "")
    match leaf.field.kind:
        case "number":
            return with_numbers(told).filter(**{f"number__{lookup}": leaf.value})
        case "yes_no":
            return told.filter(value=leaf.value)
        case "words":
            return told.filter(plain__iregex=_anywhere(str(leaf.value)))
        case _:  # days are kept so that their texts stand in their order
            return told.filter(**{f"plain__{lookup}": leaf.value})


def _chosen(leaf: Leaf) -> tuple[str, ...]:
    return leaf.value if isinstance(leaf.value, tuple) else ()


def needs_scores(condition: Condition) -> bool:
    """Whether nobody without scores can fulfil a condition."""
    if isinstance(condition, Leaf):
        return not is_of_the_profile(condition.field.name)
    if isinstance(condition, Not):
        return False
    parts = (needs_scores(part) for part in condition.of)
    return any(parts) if isinstance(condition, Every) else all(parts)


def _whose(rows: QuerySet[Any, Any], *, some: bool) -> Q:
    """The customers of some rows, and those who stand for a merged customer of them."""
    if some and are_many(rows):
        return of_whole_person(rows)
    ids = rows.values("customer_id")
    return Q(id__in=ids) | Q(id__in=Alias.objects.filter(merged_id__in=ids).values("kept_id"))


def are_many(rows: QuerySet[Any, Any]) -> bool:
    """Whether rows are so many that each customer is better asked by themselves than all rows be read."""
    return is_large() and rows.order_by().values("pk")[MANY_ROWS : MANY_ROWS + 1].exists()


def everybody() -> QuerySet[Customer]:
    """Every customer once; whoever was merged is there as who is kept."""
    return Customer.objects.exclude(id__in=Alias.objects.values("merged_id"))


def members(
    condition: Condition | None, run: Run | None, *, some: bool = False
) -> QuerySet[Customer]:
    """The customers who fulfil a condition, each once; without one, everybody.

    Args:
        condition: What is asked, or None.
        run: Whose scores count.
        some: Whether only the first of them are wanted, and not all.
    """
    if condition is None:
        return everybody()
    return everybody().filter(compiled(condition, run, some=some))


def explained(
    condition: Condition, run: Run | None, customer_id: UUID
) -> tuple[bool, tuple[Answered, ...]]:
    """Whether a customer fulfils a condition, and each of its questions answered for them.

    The same filter for one id, so that the answer and the list never differ.
    """
    return explained_each(condition, run, (customer_id,)).get(customer_id, (False, ()))


def explained_each(
    condition: Condition, run: Run | None, customer_ids: Collection[UUID]
) -> Mapping[UUID, tuple[bool, tuple[Answered, ...]]]:
    """The same of several at once, in as many queries as for one; who is not there is left out."""
    asked = tuple(leaves(condition))
    among = list(everyone(customer_ids))
    answers = {
        f"answer_{number}": ExpressionWrapper(
            compiled(leaf, run, among), output_field=BooleanField()
        )
        for number, leaf in enumerate(asked)
    }
    whole = ExpressionWrapper(compiled(condition, run, among), output_field=BooleanField())
    rows = Customer.objects.filter(id__in=customer_ids).annotate(whole=whole, **answers)
    known = _Known(run, customer_ids, {leaf.field.name for leaf in asked})
    return {
        row["id"]: (
            bool(row["whole"]),
            tuple(
                Answered(leaf, bool(row[f"answer_{number}"]), known.of(row["id"], leaf.field.name))
                for number, leaf in enumerate(asked)
            ),
        )
        for row in rows.values("id", "whole", *answers)
    }


class _Known:
    """What is known of some customers, as far as it is asked."""

    def __init__(self, run: Run | None, customer_ids: Collection[UUID], fields: set[str]) -> None:
        scores = Score.objects.filter(run=run, customer_id__in=customer_ids)
        self.scores = {one.customer_id: one for one in scores}
        whose = everyone(customer_ids) if any(map(is_of_the_profile, fields)) else {}
        self.told: dict[tuple[UUID, str], tuple[str, ...]] = {}
        told = Preference.objects.filter(customer_id__in=whose, kind__in=fields & {*PREFERENCES})
        for customer, kind, text in told.order_by("id").values_list("customer_id", "kind", "text"):
            key = (whose[customer], kind)
            self.told[key] = (*self.told.get(key, ()), text)
        kinds = {IDENTITIES[name]: name for name in fields if name in IDENTITIES}
        having = Identity.objects.filter(customer_id__in=whose, kind__in=kinds)
        self.identities = {
            (whose[customer], kinds[kind])
            for customer, kind in having.values_list("customer_id", "kind")
        }
        self.own = self._own(fields, whose)

    def _own(self, fields: set[str], whose: Mapping[UUID, UUID]) -> dict[tuple[UUID, str], Any]:
        """What is known of the business's own fields: attributes, and places by their names."""
        found: dict[tuple[UUID, str], Any] = {}
        keys = [one.removeprefix(ATTRIBUTE) for one in fields if one.startswith(ATTRIBUTE)]
        if keys:
            values = latest_values(keys, among=list(whose))
            for customer, key, value in values.values_list("shown_id", "attribute__key", "value"):
                found[customer, ATTRIBUTE + key] = value
        if not fields & {WAS_AT, AT_HOME}:
            return found
        names = dict(location_names())
        if WAS_AT in fields:
            came = at_locations().filter(customer_id__in=whose)
            pairs = set(came.values_list("customer_id", "location"))
            told = sorted((names.get(place, place), whose[customer]) for customer, place in pairs)
            for name, customer in dict.fromkeys(told):
                found[customer, WAS_AT] = (*found.get((customer, WAS_AT), ()), name)
        if AT_HOME in fields:
            homes = Customer.objects.filter(id__in=whose, location_id__isnull=False)
            for customer, place in homes.values_list("id", "location_id"):
                found[customer, AT_HOME] = (names[str(place)],)
        return found

    def of(self, customer_id: UUID, name: str) -> Any:
        """What is known of one field; None where nothing is."""
        if name in IDENTITIES:
            return (customer_id, name) in self.identities
        if name.startswith(ATTRIBUTE) or name in (WAS_AT, AT_HOME):
            return self.own.get((customer_id, name))
        if is_of_the_profile(name):
            return self.told.get((customer_id, name), ())
        score = self.scores.get(customer_id)
        return None if score is None else getattr(score, name)
