"""Who is above whom: steps up the tree of referrals, doubled, so that depth costs nothing."""

from dataclasses import dataclass

import numpy as np

from regulars.insight.arrays import FloatArray, IntArray

NOBODY = -1  # where the code of a person would stand
NO_DAY = -(2**31)  # where a day since 1970-01-01 would stand; days before it are days too


@dataclass(frozen=True)
class Tree:
    """A forest of n people, ready for sums over everybody below.

    Attributes:
        people: n.
        friends: Codes of the people who were sent by somebody, ascending, shape (k,).
        senders: Code of the sender of each of them, shape (k,).
        branches: Codes of the people who sent somebody, ascending, shape (b,).
        jumps: For 1, 2, 4, … steps up: which branches have somebody there, and whom; as rows
            of ``branches``.
        cyclic: Codes of the people who are their own ancestors, ascending; sums
            need there to be none.
    """

    people: int
    friends: IntArray
    senders: IntArray
    branches: IntArray
    jumps: tuple[tuple[IntArray, IntArray], ...]
    cyclic: IntArray

    @classmethod
    def of(cls, parent: IntArray) -> "Tree":
        """The tree of ``parent``, shape (n,), ``NOBODY`` for a root."""
        friends = np.flatnonzero(parent != NOBODY)
        senders = parent[friends]
        has_sent = np.zeros(len(parent), bool)
        has_sent[senders] = True
        branches = np.flatnonzero(has_sent)
        nobody = len(branches)
        row = np.empty(len(parent) + 1, np.int64)
        row[branches] = np.arange(nobody)
        row[-1] = nobody
        above = np.append(row[parent[branches]], nobody)  # nobody is above nobody
        active = np.flatnonzero(above[:-1] != nobody)
        jumps = []
        steps = 1
        while len(active) and steps <= 2 * nobody:
            up = above[active]
            jumps.append((active, up))
            further = above[up]
            above[active] = further
            active = active[further != nobody]
            steps *= 2
        # Whoever still has somebody above after b steps has walked into a cycle, and all round it.
        cyclic = branches[np.unique(above[active])]
        return cls(len(parent), friends, senders, branches, tuple(jumps), cyclic)

    def over_friends(self, value: FloatArray) -> FloatArray:
        """The sum of ``value`` over each person's direct friends, shape (n,)."""
        total = np.bincount(self.senders, value[self.friends], self.people)
        return total.astype(np.float64, copy=False)  # bincount of nothing counts in integers

    def over_everybody_below(self, over_friends: FloatArray, *, decay: float) -> FloatArray:
        """The sum over direct friends in full, theirs times ``decay``, and so on down, shape (n,).

        With D the sum over direct friends, the result is B_j = D_j + decay · Σ B_c over the direct
        friends c of j; those who sent nobody have none. After k rounds the sum reaches 2^k - 1
        steps down; one more round adds the sums of those 2^k steps below. The work is
        b log(depth), whatever the shape.

        Args:
            over_friends: D, shape (n,).
            decay: From 0 to 1.
        """
        total = over_friends[self.branches]
        weight = decay
        for below, above in self.jumps:
            if weight == 0:
                break
            total += weight * np.bincount(above, total[below], len(total))
            weight *= weight
        result = np.zeros(self.people)
        result[self.branches] = total
        return result
