"""The goals that can be chosen, each with what it means."""

from dataclasses import dataclass

from regulars.kernel.language import gettext, mark
from regulars.measure.core import GOALS

GOAL_MEANINGS = {
    "return": mark("A second visit is where a regular begins."),
    "send": mark("Nobody speaks for you as well as somebody who likes you."),
    "know": mark("Names, and what each of them likes."),
    "listen": mark("Praise and complaint alike, while it still matters."),
    "keep": mark("You hear of it when somebody stays away for longer than usual."),
}


@dataclass(frozen=True)
class Choice:
    """One of several, with what it means."""

    value: str
    name: str
    meaning: str


def goal_choices() -> tuple[Choice, ...]:
    """The goals, each with what it means."""
    return tuple(
        Choice(goal, gettext(words), gettext(GOAL_MEANINGS[goal])) for goal, words in GOALS.items()
    )
