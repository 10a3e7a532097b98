"""A condition as people read it means what it meant."""

import pytest
from hypothesis import given
from tests.scoring.test_segments import COFFEE, SCORES, SLIPS, SPENDS, TREES, holds

from regulars.scoring.alternatives import Asked, alternatives, together
from regulars.scoring.conditions import parsed


def spoken(tree):
    """Its alternatives, each leaf by its field, with a minus where it must not hold."""
    return [
        ["-" * one.is_contrary + one.leaf.field.name for one in some]
        for some in alternatives(parsed(tree)) or ()
    ]


@pytest.mark.parametrize(
    ("tree", "read"),
    [
        (SPENDS, [["clv"]]),
        ({"all": [SPENDS, SLIPS]}, [["clv", "life_cycle"]]),
        ({"any": [SPENDS, SLIPS]}, [["clv"], ["life_cycle"]]),
        ({"all": [COFFEE, {"any": [SPENDS, SLIPS]}]}, [["likes", "clv"], ["likes", "life_cycle"]]),
        ({"not": {"any": [SPENDS, {"not": SLIPS}]}}, [["-clv", "life_cycle"]]),
        ({"not": {"all": [SPENDS, SLIPS]}}, [["-clv"], ["-life_cycle"]]),
    ],
)
def test_any_condition_is_alternatives_of_things_that_all_hold(tree, read):
    assert spoken(tree) == read


def test_what_would_be_too_long_to_read_stays_as_it_is():
    either = {"any": [SPENDS, SLIPS]}
    other = {"any": [COFFEE, {"field": "friends", "is": "at_least", "value": 1}]}
    more = {"any": [{"field": "r", "is": "at_least", "value": step} for step in (1, 2, 3)]}
    assert len(alternatives(parsed({"all": [either, other]}))) == 4
    assert alternatives(parsed({"all": [either, other, more]})) is None


@given(TREES, SCORES)
def test_what_is_read_holds_of_whom_the_condition_holds_and_of_nobody_else(tree, known):
    found = alternatives(parsed(tree))
    if found is None:
        return

    def answered(one: Asked) -> bool:
        leaf = one.leaf
        value = list(leaf.value) if isinstance(leaf.value, tuple) else leaf.value
        told = {"field": leaf.field.name, "is": leaf.operator, "value": value}
        return holds(told, known) != one.is_contrary

    assert any(all(map(answered, some)) for some in found) == holds(tree, known)
    assert alternatives(together(found)) == found
