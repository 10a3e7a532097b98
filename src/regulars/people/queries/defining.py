"""What the business defined: the attributes it asks for, its locations."""

from regulars.people.models import Attribute, Location


def open_attributes() -> tuple[Attribute, ...]:
    """The attributes that are asked for, by their keys."""
    return tuple(Attribute.objects.filter(retired_at=None).order_by("key"))


def open_locations() -> tuple[Location, ...]:
    """The locations that are open, by their names."""
    return tuple(Location.objects.filter(closed_at=None).order_by("name"))
