"""How often people send friends: a rate for each, shrunken towards everybody's."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq, minimize_scalar

from regulars.insight.arrays import FloatArray, IntArray

SHORTEST_EXPOSURE_WEEKS = 1 / 7
EXPOSURE_BINS = 4096
SHAPE_BOUNDS = (1e-4, 1e4)  # at the upper end everybody has the same rate
FAR = 50.0  # in logarithms: further than any scale is from where the mean would be right


@dataclass(frozen=True)
class SendingRate:
    """A gamma distribution of the rate of sending over people; both 0 where nobody sent anybody.

    Attributes:
        shape: Without unit.
        scale_weeks: The mean rate is ``shape / scale_weeks`` friends a week.
    """

    shape: float
    scale_weeks: float

    def posterior_mean(self, friends: IntArray, alive_weeks: FloatArray) -> FloatArray:
        """Friends a week to expect of people who brought ``friends`` in ``alive_weeks``, (n,)."""
        if self.shape == 0:
            return np.zeros(len(friends))
        exposure = np.maximum(alive_weeks, SHORTEST_EXPOSURE_WEEKS)
        return (self.shape + friends) / (self.scale_weeks + exposure)


def fit_sending_rate(friends: IntArray, alive_weeks: FloatArray) -> SendingRate:
    """The gamma distribution of rates by maximum likelihood over all people.

    A person's friends are Poisson with mean rate times exposure, so that over people they are
    negative binomial; with counts x, exposures t, shape r and scale a,
    log L = Σ lnΓ(r + x) - lnΓ(r) + r ln a - (r + x) ln(a + t). The gamma functions are taken once
    for each number of friends, and exposures are gathered in narrow bins. The best scale is found
    for each shape, and then the best shape.

    Args:
        friends: Customers whom each person has brought, shape (n,).
        alive_weeks: For how long each person could have, in expected weeks, shape (n,).

    Returns:
        The distribution; with shape 0 where nobody has brought anybody.

    Source:
        Robbins, H. (1956), An empirical Bayes approach to statistics; Ehrenberg, A. (1959), The
        pattern of consumer purchases, for the negative binomial over people.
    """
    total = int(friends.sum())
    if total == 0:
        return SendingRate(0.0, 0.0)
    exposure = np.maximum(alive_weeks, SHORTEST_EXPOSURE_WEEKS)
    people_in, friends_in, weeks_in = _binned(friends, exposure)
    # more_than[i]: how many people brought more than i friends; ln of the rising factorial of r.
    counts = np.bincount(friends)
    more_than = len(friends) - np.cumsum(counts)[:-1]
    steps = np.flatnonzero(more_than)
    weight = more_than[steps].astype(np.float64)

    def best_scale(shape: float) -> float:
        """For one shape the likelihood has its top where this sum crosses zero, once."""

        def excess(log_scale: float) -> float:
            scale = np.exp(log_scale)
            return float(
                shape * len(friends)
                - (shape * people_in + friends_in) @ (scale / (scale + weeks_in))
            )

        near = np.log(shape * float(exposure.sum()) / total)
        return float(np.exp(brentq(excess, near - FAR, near + FAR, xtol=1e-12)))

    def loss(log_shape: float) -> float:
        shape = float(np.exp(log_shape))
        scale = best_scale(shape)
        likelihood = weight @ np.log(shape + steps) - (
            (shape * people_in) @ np.log1p(weeks_in / scale) + friends_in @ np.log(scale + weeks_in)
        )
        return -float(likelihood)

    lowest, highest = np.log(SHAPE_BOUNDS).tolist()
    found = minimize_scalar(
        loss, bounds=(lowest, highest), method="bounded", options={"xatol": 1e-7}
    )
    shape = float(np.exp(found.x))
    return SendingRate(shape, best_scale(shape))


def _binned(friends: IntArray, exposure: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """People, friends and mean exposure of each bin; a few thousand bins lose nothing visible."""
    width = float(exposure.max()) / EXPOSURE_BINS
    bins = np.minimum((exposure / width).astype(np.int64), EXPOSURE_BINS - 1)
    people_in = np.bincount(bins).astype(np.float64)
    used = people_in > 0
    weeks_in = np.bincount(bins, exposure)[used] / people_in[used]
    friends_in = np.bincount(bins, friends)[used].astype(np.float64)
    return people_in[used], friends_in, weeks_in
