"""Reading the log page after page, so that no event is ever skipped, whoever writes beside it."""

from dataclasses import dataclass

from django.db import connection

from regulars.kernel.cursors import InvalidCursor
from regulars.stream.models import Event
from regulars.stream.sql import READABLE_AFTER


@dataclass(frozen=True, order=True)
class Place:
    """A place in the log: everything up to it has been read, and nothing will appear before it.

    Attributes:
        written_in: Of the last event that was read.
        position: Of the same event.
    """

    written_in: int
    position: int

    def __str__(self) -> str:
        return f"{self.written_in}~{self.position}"

    @classmethod
    def parsed(cls, text: str) -> "Place":
        """A place from its text.

        Raises:
            InvalidCursor: The text is none of ours.
        """
        parts = text.split("~")
        if len(parts) != 2 or not all(part.isdecimal() for part in parts):  # noqa: PLR2004
            raise InvalidCursor
        return cls(int(parts[0]), int(parts[1]))


BEGINNING = Place(0, 0)


@dataclass(frozen=True)
class EventPage:
    """Events in the order in which they can be read.

    Attributes:
        events: As they are in the log.
        end: Where the next page begins; where this one began if there is nothing new.
    """

    events: tuple[Event, ...]
    end: Place


def events_after(place: Place, *, limit: int) -> EventPage:
    """The next events of the log; whoever reads page after page reads every event once.

    Args:
        place: The end of the page before, or `BEGINNING`.
        limit: How many at most.
    """
    query = f"SELECT * {READABLE_AFTER[connection.vendor]} LIMIT %s"
    parameters = (place.written_in, place.position, limit)
    events = tuple(Event.told.raw(query, parameters))
    if not events:
        return EventPage((), place)
    return EventPage(events, Place(events[-1].written_in, events[-1].position))
