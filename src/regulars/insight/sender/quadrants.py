"""Four kinds of customers by two questions: do they spend, and do they send?"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from regulars.insight.arrays import BoolArray, FloatArray, IntArray

QUADRANTS = ("champion", "affluent", "advocate", "other")
Basis = Literal["clv", "margin_to_date"]
VERSION = 1
RULE = (
    "spender: {basis} at or above the 80th percentile of {basis} above zero; "
    "sender: brought a customer, and sender_value at or above the median of those who did"
)
SPENDER_QUANTILE = 0.8
SENDER_QUANTILE = 0.5


@dataclass(frozen=True)
class Cuts:
    """Where the quadrants meet; stored with the scores, so that a later run can use the same.

    Attributes:
        version: Of the rule.
        rule: The rule in words.
        basis: What spenders are told by: ``clv``, or ``margin_to_date`` below the rung of models.
        clv: From here on, by the basis, somebody is a high spender, major units; None where
            nobody is.
        sender_value: From here on somebody is a high sender, major units; None where nobody is.
    """

    version: int
    rule: str
    basis: Basis
    clv: float | None
    sender_value: float | None


def cut_points(
    spending: FloatArray, sender_value: FloatArray, friends: IntArray, *, basis: Basis = "clv"
) -> Cuts:
    """The cut points of a population by rule 1.

    Args:
        spending: Spender value of n people, or what ``basis`` says, shape (n,).
        sender_value: Sender value, shape (n,).
        friends: Customers whom each has brought, shape (n,).
        basis: What ``spending`` holds.
    """
    return Cuts(
        VERSION,
        RULE.format(basis=basis),
        basis,
        _quantile(spending[spending > 0], SPENDER_QUANTILE),
        _quantile(sender_value[friends > 0], SENDER_QUANTILE),
    )


def quadrant_of(
    spending: FloatArray, sender_value: FloatArray, friends: IntArray, *, cuts: Cuts
) -> NDArray[np.int8]:
    """The quadrant of each person, an index into ``QUADRANTS``, shape (n,).

    Args:
        spending: What the cuts' basis says, shape (n,).
        sender_value: Sender value, shape (n,).
        friends: Customers whom each has brought, shape (n,).
        cuts: The cut points of this population or of an earlier one.
    """
    spends = _reaches(spending, cuts.clv) & (spending > 0)
    sends = _reaches(sender_value, cuts.sender_value) & (friends > 0)
    return np.where(sends, np.where(spends, 0, 2), np.where(spends, 1, 3)).astype(np.int8)


def _quantile(values: FloatArray, quantile: float) -> float | None:
    """A quantile that is one of the values, so that ties fall on one side together."""
    return float(np.quantile(values, quantile, method="higher")) if len(values) else None


def _reaches(values: FloatArray, cut: float | None) -> BoolArray:
    return np.zeros(len(values), bool) if cut is None else values >= cut
