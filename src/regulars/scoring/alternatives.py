"""A condition as people read it: alternatives, each of which asks several things at once.

Every condition can be put so ("all of these, or all of those"); one that would grow beyond what a page can
hold stays as it is.
"""

from dataclasses import dataclass

from regulars.scoring.conditions import (
    MOST_LEAVES,
    Condition,
    Every,
    Leaf,
    Not,
    Some,
)

MOST_ALTERNATIVES = 8


@dataclass(frozen=True)
class Asked:
    """One question, or its contrary."""

    leaf: Leaf
    is_contrary: bool = False


Alternative = tuple[Asked, ...]


def alternatives(condition: Condition) -> tuple[Alternative, ...] | None:
    """The alternatives of a condition; None where they would be too many to read."""
    return _spread(condition, is_contrary=False)


def together(asked: tuple[Alternative, ...]) -> Condition:
    """The condition of some alternatives, the plainest that says it; at least one, none of them empty."""
    parts = tuple(_all([_one(one) for one in some]) for some in asked)
    return parts[0] if len(parts) == 1 else Some(parts)


def _all(parts: list[Condition]) -> Condition:
    return parts[0] if len(parts) == 1 else Every(tuple(parts))


def _one(asked: Asked) -> Condition:
    return Not(asked.leaf) if asked.is_contrary else asked.leaf


def _spread(condition: Condition, *, is_contrary: bool) -> tuple[Alternative, ...] | None:
    if isinstance(condition, Leaf):
        return ((Asked(condition, is_contrary),),)
    if isinstance(condition, Not):
        return _spread(condition.of, is_contrary=not is_contrary)
    parts = [_spread(part, is_contrary=is_contrary) for part in condition.of]
    # What is not "all of them" is "at least one is not" (De Morgan).
    is_every = isinstance(condition, Every) != is_contrary
    found: tuple[Alternative, ...] = ((),) if is_every else ()
    for part in parts:
        if part is None:
            return None
        if is_every:
            found = tuple(_without_repeats(one + other) for one in found for other in part)
        else:
            found += part
        if len(found) > MOST_ALTERNATIVES or sum(map(len, found)) > MOST_LEAVES:
            return None
    return found


def _without_repeats(asked: Alternative) -> Alternative:
    return tuple(dict.fromkeys(asked))
