"""Recency, frequency and value as scores from 1 to 5, with ties settled in the open.

Equal values always get the same score: a group of equals stands at the middle of the places that it
takes, and that place decides the fifth it belongs to. 5 is best.
"""

from dataclasses import dataclass

import numpy as np

from regulars.insight.arrays import FloatArray, IntArray

FIFTHS = 5


@dataclass(frozen=True, kw_only=True)
class Rfv:
    """Scores of n customers, each from 1 (worst) to 5 (best), shape (n,).

    Attributes:
        recency: By days since the last purchase; 5 is the most recent.
        frequency: By days with a purchase; 5 is the most often.
        value: By what they spent to date, net of refunds; 5 is the most.
    """

    recency: IntArray
    frequency: IntArray
    value: IntArray


def rfv(
    recency_days: IntArray,
    frequency: IntArray,
    value: IntArray | FloatArray,
) -> Rfv:
    """Score every customer by recency, frequency and value.

    Args:
        recency_days: Days since the last purchase, shape (n,).
        frequency: Days with a purchase, shape (n,).
        value: Net value to date in any unit of money, shape (n,).
    """
    return Rfv(
        recency=fifths(-recency_days),
        frequency=fifths(frequency),
        value=fifths(value),
    )


def fifths(amounts: IntArray | FloatArray) -> IntArray:
    """In which fifth each amount stands, 1 the lowest, 5 the highest; equal amounts stand together.

    The place of a group of equals is the share of customers below it plus half its own share.

    Args:
        amounts: Shape (n,), none of them nan.

    Returns:
        Shape (n,), from 1 to 5. If all are equal, all are 3.
    """
    _, which, sizes = np.unique(amounts, return_inverse=True, return_counts=True)
    # Twice the place and twice the number of customers, so that the arithmetic stays in integers.
    twice_place = 2 * np.cumsum(sizes) - sizes
    scores: IntArray = -(-FIFTHS * twice_place // max(2 * len(amounts), 1))
    return scores[which]
