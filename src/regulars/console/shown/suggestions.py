"""Whom to speak to next, as a person would say it."""

from dataclasses import dataclass
from uuid import UUID

from regulars.care.core import Suggestion
from regulars.care.queries import ToDo
from regulars.console.shown.names import initial_of
from regulars.kernel.language import gettext, mark, ngettext
from regulars.kernel.words import list_text, number_text, one_stop
from regulars.scoring.core import came

HEADINGS = {
    "thank": mark("Say thank you"),
    "greet_friend": mark("Welcome"),
    "remember": mark("Remember"),
    "ask": mark("Ask"),
    "welcome_back": mark("Welcome back"),
    "win_back": mark("Win back"),
}


@dataclass(frozen=True)
class Next:
    """One person for tomorrow, in words.

    Attributes:
        id: Of the customer.
        kind: Of `regulars.care.core.Suggestion`.
        heading: What to do, in a word or two.
        name: Who.
        initial: Of the name.
        say: What to say.
        why: Why them.
        task_id: Of the line of today's list, or None where it is only suggested.
    """

    id: UUID
    kind: str
    heading: str
    name: str
    initial: str
    say: str
    why: str
    task_id: UUID | None = None


def in_words(suggestion: Suggestion, *, task_id: UUID | None = None) -> Next:
    """A suggestion as a person would give it."""
    person = suggestion.person
    say, why = {
        "thank": _thank,
        "greet_friend": _greet_friend,
        "remember": _remember,
        "ask": _ask,
        "welcome_back": _welcome_back,
        "win_back": _win_back,
    }[suggestion.kind](suggestion)
    return Next(
        id=person.id,
        kind=suggestion.kind,
        heading=gettext(HEADINGS[suggestion.kind]),
        name=person.name,
        initial=initial_of(person.name),
        say=one_stop(say),
        why=one_stop(why),
        task_id=task_id,
    )


def line_in_words(to_do: ToDo) -> Next:
    """A line of today's list as a person would give it."""
    return in_words(to_do.suggestion, task_id=to_do.task.id)


def _thank(suggestion: Suggestion) -> tuple[str, str]:
    names = list_text([person.name for person in suggestion.about])
    why = (
        gettext("Brought {names}.").format(names=names)
        if not suggestion.others
        else ngettext(
            "Brought {names} and one more.",
            "Brought {names} and {count} more.",
            suggestion.others,
        ).format(names=names, count=number_text(suggestion.others))
    )
    return gettext("“{names} came because of you. Thank you.”").format(names=names), why


def _greet_friend(suggestion: Suggestion) -> tuple[str, str]:
    (through,) = suggestion.about
    return (
        gettext("“{sender} told us about you. How do you like it here?”").format(
            sender=through.name
        ),
        gettext("Came through {sender}.").format(sender=through.name),
    )


def _remember(suggestion: Suggestion) -> tuple[str, str]:
    likes = list_text(list(suggestion.person.likes[:2]))
    return (
        gettext("“The usual? {likes}?”").format(likes=likes),
        gettext("Likes {likes}, and you remembered.").format(likes=likes),
    )


def _ask(_: Suggestion) -> tuple[str, str]:
    return (
        gettext("“What should we never change here?”"),
        gettext("You know the name. Ask for one thing that they like, and note it."),
    )


def _welcome_back(suggestion: Suggestion) -> tuple[str, str]:
    return (
        gettext("“Good to see you again. We missed you.”"),
        ngettext(
            "Came back after {count} day.", "Came back after {count} days.", suggestion.away_days
        ).format(count=number_text(suggestion.away_days)),
    )


def _win_back(suggestion: Suggestion) -> tuple[str, str]:
    return (
        gettext("Ask how they are. A small gesture says more than a discount."),
        came(suggestion.usual_gap_days, suggestion.away_days),
    )
