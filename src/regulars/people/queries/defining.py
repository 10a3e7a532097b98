"""What the business defined: the attributes it asks for, its locations."""

from collections.abc import Collection, Mapping
from uuid import UUID

from regulars.people.errors import UnknownLocation, UnknownLocationName
from regulars.people.models import Attribute, Location
from regulars.people.names import spelling_key


def open_attributes() -> tuple[Attribute, ...]:
    """The attributes that are asked for, by their keys."""
    return tuple(Attribute.objects.filter(retired_at=None).order_by("key"))


def retired_attributes() -> tuple[Attribute, ...]:
    """The attributes that are asked for no more, by their keys."""
    return tuple(Attribute.objects.exclude(retired_at=None).order_by("key"))


def open_locations() -> tuple[Location, ...]:
    """The locations that are open, by their names."""
    return tuple(Location.objects.filter(closed_at=None).order_by("name"))


def check_locations(location_ids: Collection[UUID | str]) -> None:
    """That there are locations of some ids, closed ones among them.

    Raises:
        UnknownLocation: One is none.
    """
    try:
        asked = {one if isinstance(one, UUID) else UUID(str(one)) for one in location_ids}
    except ValueError as error:
        raise UnknownLocation from error
    if Location.objects.filter(id__in=asked).count() != len(asked):
        raise UnknownLocation


def locations_called(names: Collection[str]) -> Mapping[str, UUID]:
    """The locations of some names, capitals and accents forgiven; an open one before a closed one.

    Raises:
        UnknownLocationName: There is none of a name.
    """
    known = known_locations()
    for name in names:
        if spelling_key(name) not in known:
            raise UnknownLocationName(name=name)
    return {name: known[spelling_key(name)] for name in names}


def known_locations() -> Mapping[str, UUID]:
    """Every location by its name as names are compared, an open one before a closed one."""
    rows = sorted(
        Location.objects.values_list("name", "id", "closed_at"), key=lambda row: row[2] is None
    )
    return {spelling_key(name): one for name, one, _ in rows}


def location_names() -> tuple[tuple[str, str], ...]:
    """Every location, id and name, by its name; closed ones last."""
    rows = Location.objects.values_list("id", "name", "closed_at")
    ordered = sorted(rows, key=lambda row: (row[2] is not None, row[1].casefold()))
    return tuple((str(one), name) for one, name, _ in ordered)
