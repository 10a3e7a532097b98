"""Who brought whom, drawn as trees."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from regulars.care.core import Person
from regulars.care.families import Family
from regulars.console.shown.names import initial_of
from regulars.kernel.language import gettext, ngettext
from regulars.kernel.words import number_text

TREES_SHOWN = 6
FRIENDS_DRAWN = 8
DEEPEST_ACROSS = 4


@dataclass(frozen=True)
class Branch:
    """Somebody, and those whom they brought.

    Attributes:
        id: Of the customer.
        name: Who.
        initial: Of the name.
        brought: How many, in words; "" for nobody.
        friends: Those whom they brought.
        folded: The rest of them, behind a word that unfolds them.
        more: How many of them are not drawn, in words; "" for none.
    """

    id: UUID
    name: str
    initial: str
    brought: str
    friends: tuple["Branch", ...]
    folded: tuple["Branch", ...]
    more: str


@dataclass(frozen=True)
class Trees:
    """Who brought whom.

    Attributes:
        drawn: The largest trees.
        more: Who is not drawn, in words; "" for nobody.
        basis: From how many people, and from when; "" where that is said beside.
        fits_across: Whether the drawing can grow to the right of a page.
    """

    drawn: tuple[Branch, ...]
    more: str
    basis: str
    fits_across: bool


def trees_of(
    family: Family,
    *,
    senders: int = 0,
    basis: str = "",
    widest: int = FRIENDS_DRAWN,
    most: int = TREES_SHOWN,
    folds: bool = False,
) -> Trees:
    """Who brought whom, the largest trees first; people without a tree are left out.

    Args:
        family: Whose trees.
        senders: How many brought somebody, drawn or not; 0 where all of them are.
        basis: From how many people the trees are and how fresh, as `basis_of_trees` says it.
        widest: How many friends of one person are drawn.
        most: How many trees are.
        folds: Whether those who are more are folded, and not left out.
    """
    people = family.people
    by_id = {person.id: person for person in people}
    friends: dict[UUID | None, list[Person]] = defaultdict(list)
    for person in people:
        friends[person.came_through].append(person)

    def branch(person: Person, above: frozenset[UUID]) -> Branch:
        below = [p for p in friends[person.id] if p.id not in above]
        drawn = below if folds else below[:widest]
        branches = tuple(branch(p, above | {p.id}) for p in drawn)
        return Branch(
            id=person.id,
            name=person.name,
            initial=initial_of(person.name),
            brought=_brought(len(person.brought)),
            friends=branches[:widest],
            folded=branches[widest:],
            more=_and_more(len(below) - widest),
        )

    def size(found: Branch) -> int:
        return 1 + sum(size(one) for one in (*found.friends, *found.folded))

    def depth(found: Branch) -> int:
        return 1 + max((depth(one) for one in (*found.friends, *found.folded)), default=0)

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
        basis=basis,
    )


def basis_of_trees(customers: int, *, time: str) -> str:
    """From how many people the largest trees are, and from when.

    Args:
        customers: How many are known by name, drawn or not.
        time: Of the clock, at which they and who sent most were counted.
    """
    return ngettext(
        "From the one person whom you know by name, as of {time} today.",
        "From the {count} people whom you know by name, as of {time} today.",
        customers,
    ).format(count=number_text(customers), time=time)


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
