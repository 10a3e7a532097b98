"""The words of the pages that are more than a form."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from regulars.care.core import Person, Suggestion
from regulars.kernel.language import gettext, ngettext
from regulars.kernel.words import list_text, number_text


@dataclass(frozen=True)
class Branch:
    """Somebody, and those whom they brought."""

    name: str
    friends: tuple["Branch", ...]


@dataclass(frozen=True)
class Next:
    """One person for tomorrow, in words.

    Attributes:
        kind: Of `regulars.care.core.Suggestion`.
        name: Who.
        say: What to say.
        why: Why them.
    """

    kind: str
    name: str
    say: str
    why: str


def in_words(suggestion: Suggestion) -> Next:
    """A suggestion as a person would give it."""
    person = suggestion.person
    say, why = {
        "thank": _thank,
        "greet_friend": _greet_friend,
        "remember": _remember,
        "ask": _ask,
    }[suggestion.kind](suggestion)
    return Next(suggestion.kind, person.name, say, why)


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


def tree_of(people: Sequence[Person]) -> tuple[Branch, ...]:
    """Who brought whom, the largest trees first; people without a tree are left out."""
    by_id = {person.id: person for person in people}
    friends: dict[UUID | None, list[Person]] = defaultdict(list)
    for person in people:
        friends[person.came_through].append(person)

    def branch(person: Person, above: frozenset[UUID]) -> Branch:
        below = [p for p in friends[person.id] if p.id not in above]
        return Branch(person.name, tuple(branch(p, above | {p.id}) for p in below))

    def size(found: Branch) -> int:
        return 1 + sum(size(one) for one in found.friends)

    roots = [p for p in people if p.brought and p.came_through not in by_id]
    trees = [branch(root, frozenset({root.id})) for root in roots]
    return tuple(sorted(trees, key=lambda one: -size(one)))
