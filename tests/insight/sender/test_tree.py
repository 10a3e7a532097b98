"""Sums over everybody below."""

import numpy as np
import pytest

from regulars.insight.sender.tree import Tree


def test_a_friends_friend_counts_half_and_theirs_a_quarter():
    # 0 sent 1, 1 sent 2, 2 sent 3.
    tree = Tree.of(np.array([-1, 0, 1, 2]))
    direct = tree.over_friends(np.array([1.0, 10.0, 100.0, 1000.0]))
    assert direct.tolist() == [10, 100, 1000, 0]
    below = tree.over_everybody_below(direct, decay=0.5)
    assert below.tolist() == [10 + 100 / 2 + 1000 / 4, 100 + 1000 / 2, 1000, 0]


def test_without_decay_everybody_below_counts_in_full_and_at_zero_only_friends_do():
    tree = Tree.of(np.array([-1, 0, 1, 2]))
    direct = tree.over_friends(np.array([1.0, 10.0, 100.0, 1000.0]))
    assert tree.over_everybody_below(direct, decay=1.0).tolist() == [1110, 1100, 1000, 0]
    assert tree.over_everybody_below(direct, decay=0.0).tolist() == direct.tolist()


def test_people_who_are_their_own_ancestors_are_found():
    # 0 → 1 → 2 → 0 in a circle, 3 hangs below 2, 4 sent 5.
    tree = Tree.of(np.array([2, 0, 1, 2, -1, 4]))
    assert tree.cyclic.tolist() == [0, 1, 2]
    assert Tree.of(np.array([1, 0])).cyclic.tolist() == [0, 1]
    assert Tree.of(np.array([-1, 0])).cyclic.tolist() == []


def test_nobody_and_people_without_referrals_are_fine():
    for parent in (np.zeros(0, np.int64), np.full(3, -1)):
        tree = Tree.of(parent)
        assert tree.over_everybody_below(tree.over_friends(parent * 1.0), decay=0.5).sum() == 0


@pytest.mark.timeout(20)
def test_a_chain_of_a_hundred_thousand_is_no_harder_than_a_broad_tree():
    length = 100_000
    tree = Tree.of(np.arange(length) - 1)
    direct = tree.over_friends(np.ones(length))
    assert len(tree.jumps) == 17  # 2^17 is above 100,000
    below = tree.over_everybody_below(direct, decay=1.0)
    assert below.tolist() == list(range(length - 1, -1, -1))
    assert tree.over_everybody_below(direct, decay=0.5)[0] == pytest.approx(2.0)  # 1 + 1/2 + 1/4 …
