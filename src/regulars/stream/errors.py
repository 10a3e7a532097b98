"""What can be wrong with an event."""

from regulars.kernel.errors import RegularsError
from regulars.kernel.language import mark


class UnknownEventType(RegularsError):
    """The type is in no registry."""

    code = "unknown_event_type"
    sentence = mark("There is no event type “{type}”.")


class LakeBusy(RegularsError):
    """Two exports at a time."""

    code = "lake_busy"
    http_status = 409
    sentence = mark("Another export to {folder} is running; wait until it is done.")
