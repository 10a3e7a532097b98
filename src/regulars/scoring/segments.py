"""From a condition to the customers who fulfil it, and why each does: one compiler to SQL."""

import re
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from regulars.people.models import Alias, Customer, Identity, Preference
from regulars.people.queries import ids_of
from regulars.scoring.conditions import OF_THE_PROFILE, Condition, Every, Leaf, Not, leaves
from regulars.scoring.models import Run, Score

LOOKUPS = {"at_least": "gte", "at_most": "lte", "any_of": "in", "is": "exact"}
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


def compiled(condition: Condition, run: Run | None) -> Q:
    """A condition as a filter of customers.

    Every question is whether the customer is among those of whom it holds, so nothing is ever
    neither true nor false, and ``not`` turns around all the rest.

    Args:
        condition: What is asked.
        run: Whose scores count; without one nobody has any.
    """
    if isinstance(condition, Leaf):
        return _asked(condition, run)
    if isinstance(condition, Not):
        return ~compiled(condition.of, run)
    both = and_ if isinstance(condition, Every) else or_
    return reduce(both, (compiled(part, run) for part in condition.of))


def _asked(leaf: Leaf, run: Run | None) -> Q:
    name = leaf.field.name
    if name in IDENTITIES:
        having = Identity.objects.filter(kind=IDENTITIES[name]).values("customer_id")
        return _whose(having) if leaf.value else ~_whose(having)
    if name == "likes":
        # SQLite's own LIKE knows capitals of A to Z alone; Django's expressions know all.
        told = re.escape(str(leaf.value))
        liking = Preference.objects.filter(kind=Preference.LIKES, text__iregex=told)
        return _whose(liking.values("customer_id"))
    asked = {f"{name}__{LOOKUPS[leaf.operator]}": leaf.value}
    return Q(id__in=Score.objects.filter(run=run, **asked).values("customer_id"))


def _whose(rows: QuerySet[Any, Any]) -> Q:
    """The customers of some rows, and those who stand for a merged customer of them."""
    return Q(id__in=rows) | Q(id__in=Alias.objects.filter(merged_id__in=rows).values("kept_id"))


def members(condition: Condition, run: Run | None) -> QuerySet[Customer]:
    """The customers who fulfil a condition; whoever was merged is there as who is kept."""
    shown = Customer.objects.exclude(id__in=Alias.objects.values("merged_id"))
    return shown.filter(compiled(condition, run))


def explained(
    condition: Condition, run: Run | None, customer_id: UUID
) -> tuple[bool, tuple[Answered, ...]]:
    """Whether a customer fulfils a condition, and each of its questions answered for them.

    The same filter for one id, so that the answer and the list never differ.
    """
    asked = tuple(leaves(condition))
    answers = {
        f"answer_{number}": ExpressionWrapper(compiled(leaf, run), output_field=BooleanField())
        for number, leaf in enumerate(asked)
    }
    whole = ExpressionWrapper(compiled(condition, run), output_field=BooleanField())
    row = (
        Customer.objects.filter(id=customer_id)
        .annotate(whole=whole, **answers)
        .values("whole", *answers)
        .first()
    )
    if row is None:
        return False, ()
    score = Score.objects.filter(run=run, customer_id=customer_id).first()
    return bool(row["whole"]), tuple(
        Answered(leaf, bool(row[f"answer_{number}"]), _known(leaf, score, customer_id))
        for number, leaf in enumerate(asked)
    )


def _known(leaf: Leaf, score: Score | None, customer_id: UUID) -> Any:
    name = leaf.field.name
    if name not in OF_THE_PROFILE:
        return None if score is None else getattr(score, name)
    ids = ids_of(customer_id)
    if name in IDENTITIES:
        return Identity.objects.filter(customer_id__in=ids, kind=IDENTITIES[name]).exists()
    likes = Preference.objects.filter(customer_id__in=ids, kind=Preference.LIKES)
    return tuple(likes.order_by("id").values_list("text", flat=True))
