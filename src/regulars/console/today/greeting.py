"""A word of welcome for the time of day."""

from regulars.kernel.language import gettext

MORNING_ENDS, AFTERNOON_ENDS = 12, 18


def greeting(name: str, *, hour: int) -> str:
    """A word of welcome for the time of day.

    Args:
        name: Of who is greeted.
        hour: Of their clock, from 0 to 23.
    """
    words = (
        gettext("Good morning, {name}.")
        if hour < MORNING_ENDS
        else gettext("Good afternoon, {name}.")
        if hour < AFTERNOON_ENDS
        else gettext("Good evening, {name}.")
    )
    return words.format(name=name)
