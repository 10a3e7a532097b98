"""The words of the pages that are more than a form."""

import re
from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from regulars.care.core import Person, Suggestion
from regulars.care.queries import Family, ToDo
from regulars.kernel.language import gettext, mark, ngettext
from regulars.kernel.words import list_text, number_text, one_stop
from regulars.measure.core import GOALS
from regulars.scoring.core import came

MORNING_ENDS, AFTERNOON_ENDS = 12, 18
TREES_SHOWN = 6
FRIENDS_DRAWN = 8
DEEPEST_ACROSS = 4
# Thai writes some vowels before the consonant that a name begins with, and a title before the name.
LEADING_VOWELS = "เแโใไ"
TITLES = re.compile(r"^(คุณ|Frau |Herr |Doña |Don |Mr\.? |Mrs\.? |Ms\.? )(?=\S)")

GOAL_MEANINGS = {
    "return": mark("A second visit is where a regular begins."),
    "send": mark("Nobody speaks for you as well as somebody who likes you."),
    "know": mark("Names, and what each of them likes."),
    "listen": mark("Praise and complaint alike, while it still matters."),
    "keep": mark("You hear of it when somebody stays away for longer than usual."),
}
HEADINGS = {
    "thank": mark("Say thank you"),
    "greet_friend": mark("Welcome"),
    "remember": mark("Remember"),
    "ask": mark("Ask"),
    "welcome_back": mark("Welcome back"),
    "win_back": mark("Win back"),
}


@dataclass(frozen=True)
class Choice:
    """One of several, with what it means."""

    value: str
    name: str
    meaning: str


@dataclass(frozen=True)
class Branch:
    """Somebody, and those whom they brought.

    Attributes:
        id: Of the customer.
        name: Who.
        initial: Of the name.
        brought: How many, in words; "" for nobody.
        friends: Those whom they brought.
        more: How many of them are not drawn, in words; "" for none.
    """

    id: UUID
    name: str
    initial: str
    brought: str
    friends: tuple["Branch", ...]
    more: str


@dataclass(frozen=True)
class Trees:
    """Who brought whom.

    Attributes:
        drawn: The largest trees.
        more: Who is not drawn, in words; "" for nobody.
        basis: From how many people.
        fits_across: Whether the drawing can grow to the right of a page.
    """

    drawn: tuple[Branch, ...]
    more: str
    basis: str
    fits_across: bool


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


def goal_choices() -> tuple[Choice, ...]:
    """The goals, each with what it means."""
    return tuple(
        Choice(goal, gettext(words), gettext(GOAL_MEANINGS[goal])) for goal, words in GOALS.items()
    )


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


def initial_of(name: str) -> str:
    """The letter that stands for a name; titles and vowels written in front do not."""
    letters = [letter for letter in TITLES.sub("", name) if letter.isalnum()]
    first = next((letter for letter in letters if letter not in LEADING_VOWELS), "")
    return first.upper()


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


def trees_of(
    family: Family,
    *,
    customers: int,
    senders: int,
    widest: int = FRIENDS_DRAWN,
    most: int = TREES_SHOWN,
) -> Trees:
    """Who brought whom, the largest trees first; people without a tree are left out.

    Args:
        family: Whose trees.
        customers: How many are known by name, drawn or not.
        senders: How many of them brought somebody.
        widest: How many friends of one person are drawn.
        most: How many trees are.
    """
    people = family.people
    by_id = {person.id: person for person in people}
    friends: dict[UUID | None, list[Person]] = defaultdict(list)
    for person in people:
        friends[person.came_through].append(person)

    def branch(person: Person, above: frozenset[UUID]) -> Branch:
        below = [p for p in friends[person.id] if p.id not in above]
        return Branch(
            id=person.id,
            name=person.name,
            initial=initial_of(person.name),
            brought=_brought(len(person.brought)),
            friends=tuple(branch(p, above | {p.id}) for p in below[:widest]),
            more=_and_more(len(below) - widest),
        )

    def size(found: Branch) -> int:
        return 1 + sum(size(one) for one in found.friends)

    def depth(found: Branch) -> int:
        return 1 + max((depth(one) for one in found.friends), default=0)

    roots = [p for p in people if p.brought and p.came_through not in by_id]
    trees = sorted(
        (branch(root, frozenset({root.id})) for root in roots), key=lambda one: -size(one)
    )
    drawn = tuple(trees[:most])
    hidden = max(senders - sum(1 for person in people if person.brought), 0)
    return Trees(
        drawn=drawn,
        fits_across=all(depth(tree) <= DEEPEST_ACROSS for tree in drawn),
        more=_not_drawn(family, hidden),
        basis=ngettext(
            "From the one person whom you know by name, as of today.",
            "From the {count} people whom you know by name, as of today.",
            customers,
        ).format(count=number_text(customers)),
    )


def _and_more(friends: int) -> str:
    if friends <= 0:
        return ""
    return ngettext("and one more", "and {count} more", friends).format(count=number_text(friends))


def _not_drawn(family: Family, hidden: int) -> str:
    if not hidden:
        return "" if family.is_whole else gettext("These trees go on; open somebody to see more.")
    return ngettext(
        "One more person brought others and is not drawn.",
        "{count} more people brought others and are not drawn.",
        hidden,
    ).format(count=number_text(hidden))


def _brought(friends: int) -> str:
    if not friends:
        return ""
    return ngettext("brought one", "brought {count}", friends).format(count=number_text(friends))
