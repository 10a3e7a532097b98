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
