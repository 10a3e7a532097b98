"""The places that a file tells of, by their names."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from regulars.kernel.ids import new_id
from regulars.people.names import spelling_key
from regulars.people.queries import known_locations, open_locations
from regulars.people.remembering import LONGEST_NAME
from regulars.people.services import add_location

MOST_LEARNT = 200  # more names than that are no places
Places = Callable[[Collection[str]], Mapping[str, UUID]]


def places_of(*, learn: bool, is_dry: bool, now: datetime, with_closed: bool = True) -> Places:
    """Finds the location of each name; a name that nobody knows is left out, or learnt.

    Args:
        learn: Whether somebody said that this is the column of places: then a new name is a new place.
        is_dry: Whether to write nothing; what would be learnt has an id all the same.
        now: When.
        with_closed: Whether a closed place is meant too: it happened there, but nobody is at home there now.
    """

    def found(names: Collection[str]) -> Mapping[str, UUID]:
        known = dict(known_locations())
        new = {
            spelling_key(name): name for name in sorted(names) if spelling_key(name) not in known
        }
        if not with_closed:
            known = {spelling_key(one.name): one.id for one in open_locations()}
        if learn and len(new) <= MOST_LEARNT:
            with transaction.atomic():
                for key, name in new.items():
                    if len(name) <= LONGEST_NAME:
                        known[key] = new_id() if is_dry else add_location(name=name, now=now)
        return {name: known[spelling_key(name)] for name in names if spelling_key(name) in known}

    return found
