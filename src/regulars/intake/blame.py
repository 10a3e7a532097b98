"""Which of many events is to blame where all of them are refused, and which of its fields."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from regulars.kernel.errors import RegularsError

Value = TypeVar("Value")
Found = TypeVar("Found")


def blamed(error: RegularsError, place: int, field: str) -> RegularsError:
    """An error, with the place of the event that is to blame, from 0, and the path of the field in it."""
    error.data |= {"event": place, "event_field": field}
    return error


def check_all(
    said: Sequence[tuple[int, str, Value]], check: Callable[[Sequence[Value]], Found]
) -> Found:
    """Has checked at once what many events say; where that is refused, finds the first that is to blame.

    Args:
        said: The place of an event, the path of a field in it, and what stands there.
        check: Raises where any of several values is amiss.

    Returns:
        What the check found.

    Raises:
        RegularsError: What is raised of the first that is amiss, `blamed`.
    """
    try:
        return check([value for _, _, value in said])
    except RegularsError as error:
        place, field, _ = said[0]
        if len(said) == 1:
            raise blamed(error, place, field) from None
        half = len(said) // 2
        check_all(said[:half], check)
        check_all(said[half:], check)
        raise
