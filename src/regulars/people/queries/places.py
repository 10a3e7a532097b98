"""Whose place is which: where somebody is at home, and where they were."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from regulars.people.queries.one_person import of_whole_person
from regulars.stream.places import at_locations


def was_at(location_ids: Collection[UUID | str]) -> Q:
    """Customers who were at one of some locations, by whichever of their ids; asked of each by themselves."""
    came = at_locations(location_ids)
    return of_whole_person(came)


def of_places(location_ids: Collection[UUID | str]) -> Q:
    """Customers who are at home at one of some locations, or were there."""
    return Q(location_id__in=location_ids) | was_at(location_ids)
