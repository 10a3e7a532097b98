"""At which of the business's locations something happened, where its source told."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Func, QuerySet, TextField

from regulars.stream.models import Event


class AtLocation(Func):
    """The location of an event, as the index `stream_event_place` has it."""

    template = "(%(expressions)s ->> 'location_id')"
    output_field = TextField()
    arity = 1


def at_locations(location_ids: Iterable[UUID | str] | None = None) -> QuerySet[Any]:
    """Events that happened at some locations, each with its own as ``location``.

    Args:
        location_ids: Of the locations; None for every event that tells one.
    """
    located = Event.objects.filter(customer_id__isnull=False).alias(located=AtLocation("data"))
    found = located.annotate(location=AtLocation("data"))
    if location_ids is None:
        return found.filter(located__isnull=False)
    return found.filter(located__in=[str(one) for one in location_ids])
