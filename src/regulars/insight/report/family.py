"""Who brought whom, drawn as a tree of names."""

from collections import defaultdict
from dataclasses import dataclass

from regulars.insight.report.section import Section
from regulars.insight.report.wording import person
from regulars.insight.result import ScoreResult
from regulars.kernel.language import gettext, ngettext
from regulars.kernel.words import number_text

SHOWN = 30


@dataclass(frozen=True)
class Branch:
    """Somebody, and those whom they brought."""

    name: str
    brought: str
    friends: tuple["Branch", ...]


@dataclass(frozen=True, kw_only=True)
class Family(Section):
    """The largest trees of referrals, as far as they fit."""

    trees: tuple[Branch, ...]
    more: str = ""


def build_family(result: ScoreResult) -> Family:
    """Trees of referrals, the largest first, ``SHOWN`` people at most."""
    names: dict[str, str] = {}
    friends: dict[str, list[str]] = defaultdict(list)
    for link in result.referrals:
        names[link.sender_id] = person(link.sender_name, link.sender_id)
        names[link.friend_id] = person(link.friend_name, link.friend_id)
        friends[link.sender_id].append(link.friend_id)
    brought = {link.friend_id for link in result.referrals}
    sizes = _sizes(friends, [one for one in names if one not in brought])
    roots = sorted((one for one in names if one not in brought), key=lambda one: -sizes[one])
    shown = _first_people(roots, friends)
    trees = tuple(_branch(root, names, friends, shown) for root in roots if root in shown)
    hidden = len(names) - len(shown)
    return Family(
        anchor="family",
        heading=gettext("Who brought whom"),
        intro=(gettext("Each person stands below the one who brought them."),) if trees else (),
        empty=""
        if trees
        else gettext(
            "A tree of who brought whom will be here. Ask every new customer “Who sent you?”, "
            "and note it in a file with the columns sender_id, friend_id and occurred_at."
        ),
        trees=trees,
        more=ngettext(
            "One more person is not drawn.", "{count} more people are not drawn.", hidden
        ).format(count=number_text(hidden))
        if hidden and trees
        else "",
    )


def _descending(roots: list[str], friends: dict[str, list[str]]) -> list[str]:
    """Everybody below the roots, parents before their friends."""
    order = list(roots)
    for one in order:
        order.extend(friends.get(one, ()))
    return order


def _sizes(friends: dict[str, list[str]], roots: list[str]) -> dict[str, int]:
    sizes: dict[str, int] = {}
    for one in reversed(_descending(roots, friends)):
        sizes[one] = 1 + sum(sizes[friend] for friend in friends.get(one, ()))
    return sizes


def _first_people(roots: list[str], friends: dict[str, list[str]]) -> set[str]:
    """The people who fit, tree by tree, so that nobody is shown without who brought them."""
    shown: list[str] = []
    for root in roots:
        tree = _descending([root], friends)
        shown.extend(tree[: SHOWN - len(shown)])
        if len(shown) >= SHOWN:
            break
    return set(shown)


def _branch(
    one: str, names: dict[str, str], friends: dict[str, list[str]], shown: set[str]
) -> Branch:
    """A tree of at most ``SHOWN`` people, so that recursion stays as shallow as that."""
    below = friends.get(one, [])
    return Branch(
        name=names[one],
        brought=ngettext("brought one", "brought {count}", len(below)).format(
            count=number_text(len(below))
        )
        if below
        else "",
        friends=tuple(
            _branch(friend, names, friends, shown) for friend in below if friend in shown
        ),
    )
