"""What can be wrong with an event."""

from regulars.kernel.errors import RegularsError
from regulars.kernel.language import mark


class UnknownEventType(RegularsError):
    """The type is in no registry."""

    code = "unknown_event_type"
    sentence = mark("There is no event type “{type}”.")


class InvalidCursor(RegularsError):
    """A cursor that no page gave."""

    code = "invalid_cursor"
    sentence = mark("The cursor is none of ours; begin at the first page.")


class LakeBusy(RegularsError):
    """Two exports at a time."""

    code = "lake_busy"
    http_status = 409
    sentence = mark("Another export to {folder} is running; wait until it is done.")
