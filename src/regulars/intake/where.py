"""Where each of many events happened: a place by its name, or by its id, and none that nobody knows."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from regulars.intake.blame import check_all
from regulars.intake.incoming import Incoming
from regulars.people.queries import check_locations, locations_called
from regulars.stream.types import Facts

Data = Mapping[str, Any] | Facts


def where(incoming: Sequence[Incoming]) -> list[Data]:
    """What each event says, its place by id.

    Args:
        incoming: In the order in which it is told.

    Raises:
        UnknownLocation, UnknownLocationName: There is no such place; a closed one is there still, as
            what happened there may be told late.
    """
    ids = [
        (place, "data.location_id", one)
        for place, event in enumerate(incoming)
        if (one := location_id_of(event.data))
    ]
    if ids:
        check_all(ids, check_locations)
    names = [
        (place, "location", one.location) for place, one in enumerate(incoming) if one.location
    ]
    if not names:
        return [event.data for event in incoming]
    called = check_all(names, locations_called)
    return [
        _at(event.data, called[event.location]) if event.location else event.data
        for event in incoming
    ]


def location_id_of(data: Data) -> UUID | str | None:
    """The id of the place where something happened, as it was told."""
    if isinstance(data, Facts):
        found: UUID | None = getattr(data, "location_id", None)
        return found
    return data.get("location_id")


def _at(data: Data, place: UUID) -> Data:
    """The same, having happened at a place; what the schema of its type has no place for is refused."""
    told = data.model_dump(mode="json", exclude_none=True) if isinstance(data, Facts) else data
    return {**told, "location_id": str(place)}
