"""What is known of whole persons in the attributes that the business defined."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Exists, FloatField, Func, OuterRef, Q, QuerySet, TextField
from django.db.models.sql.compiler import SQLCompiler

from regulars.people.models import Alias, Attribute, AttributeValue
from regulars.people.permission import EVERYWHERE, PROFILE
from regulars.people.queries.consents import with_consent
from regulars.people.queries.one_person import of_somebody


class Plain(Func):
    """What a JSON text, number or truth says, as a text."""

    template = "json_extract(%(expressions)s, '$')"
    output_field = TextField()
    arity = 1

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        """Speaks PostgreSQL."""
        return self.as_sql(compiler, connection, template="(%(expressions)s #>> '{}')", **extra)


class Number(Func):
    """What a JSON number says; nothing of what is none, in whichever order the database looks."""

    template = "CAST(json_extract(%(expressions)s, '$') AS REAL)"
    output_field = FloatField()
    arity = 1

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        """Speaks PostgreSQL."""
        told = "(%(expressions)s #>> '{}')::double precision"
        is_one = "jsonb_typeof(%(expressions)s) = 'number'"
        template = f"CASE WHEN {is_one} THEN {told} END"
        return self.as_sql(compiler, connection, template=template, **extra)


def attribute_of(key: str) -> Attribute | None:
    """An attribute, one that is asked for no more too."""
    return Attribute.objects.filter(key=key).first()


def latest_values(keys: Collection[str], *, among: Collection[UUID] | None = None) -> QuerySet[Any]:
    """The latest word on some attributes of each person, who is shown as ``shown_id``.

    Where an attribute needs consent, only of those whose consent stands. The value stands besides as
    ``plain``, a text.

    Args:
        keys: Of the attributes.
        among: Every id of those of whom it is asked; None for all.
    """
    told = AttributeValue.objects.filter(attribute__key__in=keys)
    if among is not None:
        told = told.filter(customer_id__in=among)
    later = AttributeValue.objects.filter(
        Q(said_at__gt=OuterRef("said_at")) | Q(said_at=OuterRef("said_at"), id__gt=OuterRef("id")),
        attribute_id=OuterRef("attribute_id"),
    )
    merged = Alias.objects.filter(kept_id=OuterRef(OuterRef("shown_id"))).values("merged_id")
    consent = with_consent(PROFILE, EVERYWHERE).filter(shown_id=OuterRef("shown_id"))
    found: QuerySet[Any] = (
        of_somebody(told)
        .annotate(plain=Plain("value"))
        .filter(
            ~Exists(later.filter(customer_id=OuterRef("shown_id"))),
            ~Exists(later.filter(customer_id__in=merged)),
            Q(attribute__needs_consent=False) | Exists(consent),
        )
    )
    return found


def with_numbers(values: QuerySet[Any]) -> QuerySet[Any]:
    """The same of attributes that are numbers, with the number as ``number``."""
    found: QuerySet[Any] = values.annotate(number=Number("value"))
    return found
