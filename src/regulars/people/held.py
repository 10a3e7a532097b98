"""What is held of a person, in every room: what goes out when they ask, and goes when they are erased.

Each room says so of its tables in a module ``personal``: ``HELD`` names the tables and fields that tell
of a person, ``IMPERSONAL`` those that do not, and why. A table or field that is in neither fails the
tests. What a room sees to once customers are one person, or two again, it calls ``WHOLE``; what it sees
to once somebody is erased, beyond its tables, ``ERASED``.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import JSONField, Model, Q, QuerySet

OURS = "regulars."


@dataclass(frozen=True, kw_only=True)
class Held:
    """What one table holds of a person.

    Attributes:
        model: The table.
        fields: Of it, as Django's lookups name them: they are exported.
        whose: The fields that name the person; one is enough.
        found: Finds the rows of a person by all of their ids, where ``whose`` cannot.
        emptied: Fields that name the person in a row that is about somebody else: on erasure they are
            emptied, and the row stays.
        stays: Why its rows outlive the person, or "" where they are deleted with them.
        told: How fields are handed out that are kept in another form than the person would know.
    """

    model: type[Model]
    fields: Sequence[str]
    whose: Sequence[str] = ("customer_id",)
    found: Callable[[Sequence[UUID]], QuerySet[Any]] | None = None
    emptied: Sequence[str] = ()
    stays: str = ""
    told: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)

    def rows(self, customer_ids: Sequence[UUID]) -> QuerySet[Any]:
        """The rows of a person.

        Args:
            customer_ids: Every id of theirs.
        """
        if self.found is not None:
            return self.found(customer_ids)
        return self.naming(self.whose, customer_ids)

    def naming(self, fields: Sequence[str], customer_ids: Sequence[UUID]) -> QuerySet[Any]:
        """The rows of which one of some fields names the person."""
        theirs = Q(pk__in=())
        for name in fields:
            column = self.model._meta.get_field(name.split("__")[0])  # noqa: SLF001
            in_text = isinstance(column, JSONField)
            ids = [str(one) if in_text else one for one in customer_ids]
            theirs |= Q(**{f"{name}__in": ids})
        return self.model._default_manager.filter(theirs)  # noqa: SLF001


def all_held() -> dict[str, Held]:
    """Every table that holds something of a person, by its name in exports."""
    return {name: held for room in rooms() for name, held in room.HELD.items()}


def rooms() -> Iterator[Any]:
    """The modules ``personal`` of all rooms that have tables."""
    for config in apps.get_app_configs():
        name = f"{config.name}.personal"
        if config.name.startswith(OURS) and find_spec(name):
            yield import_module(name)


def see_to_all(customer_ids: Collection[UUID], *, now: datetime) -> None:
    """Has every room see to customers who are one person now, or two again."""
    for room in rooms():
        if hasattr(room, "WHOLE"):
            room.WHOLE(customer_ids, now=now)


def see_to_erased(*, now: datetime) -> None:
    """Has every room see to what may name somebody who was erased, and is in no table."""
    for room in rooms():
        if hasattr(room, "ERASED"):
            room.ERASED(now=now)


def delete_all(customer_ids: Sequence[UUID]) -> int:
    """Deletes what is held of some persons in every room, and empties what names them elsewhere.

    Returns:
        How many rows were deleted.
    """
    gone = 0
    for held in all_held().values():
        for name in held.emptied:
            held.naming((name,), customer_ids).update(**{name: None})
        if not held.stays:
            gone += held.rows(customer_ids).delete()[0]
    return gone
