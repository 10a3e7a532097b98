"""Finding the minimum of a smooth function of a few parameters within bounds.

Quasi-Newton steps (Broyden, Fletcher, Goldfarb, Shanno) that begin with the true curvature and
return to it where they get slow. For four parameters and no more, so matrices are tiny and
evaluations are what costs.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from regulars.insight.arrays import BoolArray, FloatArray

MOST_STEPS = 200
ENOUGH_GAIN = 1e-10  # of the whole log-likelihood, expected from one more step
SLOW = 0.5  # of the gain of the step before: then the curvature is computed anew
LEAST_PART = 1e-3  # of the expected gain that a step must bring
FLATTEST = 1e-10
LONGEST_STEP = 2.0
SHORTEST_STEP = 1e-3
ROUNDING = 1e-14
AT_BOUND = 1e-9  # of the log of a parameter


class Objective(Protocol):
    """A mean over customers that is to be made small."""

    @property
    def customers(self) -> float:
        """How many the mean is over."""

    def __call__(self, log_params: FloatArray, /) -> tuple[float, FloatArray]:
        """Value and gradient."""

    def curvature(self, log_params: FloatArray, /) -> FloatArray:
        """The matrix of second derivatives."""


@dataclass(frozen=True, kw_only=True)
class Optimum:
    """Where a descent ended: log parameters (4,), value, and exact curvature (4, 4) if known."""

    point: FloatArray
    value: float
    curvature: FloatArray | None


def descend(
    objective: Objective,
    point: FloatArray,
    curvature: FloatArray,
    *,
    low: FloatArray,
    high: FloatArray,
    sure: bool,
) -> Optimum:
    """Quasi-Newton steps within bounds to a minimum.

    Args:
        objective: What to minimise.
        point: Where to begin, within the bounds.
        curvature: Second derivatives near there.
        low: Lowest values.
        high: Highest values.
        sure: Whether to compute the curvature anew before believing that no step is left.
    """
    value, gradient = objective(point)
    model, exact, earlier_gain = _bent_up(curvature), sure, np.inf
    for _ in range(MOST_STEPS):
        step = _bounded_step(model, gradient, point, low, high)
        gain = -float((gradient * step).sum()) / 2
        found = None
        if gain * objective.customers >= ENOUGH_GAIN and (exact or gain < SLOW * earlier_gain):
            found = _shortened(objective, point, step, value - gain * LEAST_PART, low, high)
        if found is None:
            if exact or not (sure or gain * objective.customers >= ENOUGH_GAIN):
                break
            curvature, exact = objective.curvature(point), True
            model = _bent_up(curvature)
            continue
        candidate, value, slope = found
        model = _updated(model, candidate - point, slope - gradient)
        point, gradient, exact, earlier_gain = candidate, slope, False, gain
    return Optimum(point=point, value=value, curvature=curvature if exact else None)


def _shortened(
    objective: Objective,
    point: FloatArray,
    step: FloatArray,
    wanted: float,
    low: FloatArray,
    high: FloatArray,
) -> tuple[FloatArray, float, FloatArray] | None:
    """The first of a step, a quarter of it, and so on, that brings the value down to ``wanted``."""
    length = 1.0
    while length > SHORTEST_STEP:
        candidate = np.clip(point + length * step, low, high)
        value, gradient = objective(candidate)
        if value <= wanted + ROUNDING * abs(wanted):
            return candidate, value, gradient
        length /= 4
    return None


def _bent_up(curvature: FloatArray) -> FloatArray:
    """The curvature with hills turned into valleys, so that no step leads uphill."""
    values, vectors = np.linalg.eigh(curvature)
    bent: FloatArray = (vectors * np.abs(values)) @ vectors.T
    return bent


def _updated(curvature: FloatArray, step: FloatArray, change: FloatArray) -> FloatArray:
    """The curvature with what one step taught of it (Broyden, Fletcher, Goldfarb, Shanno)."""
    taught = float((step * change).sum())
    along = curvature @ step
    known = float((step * along).sum())
    if taught <= 0 or known <= 0:
        return curvature
    return curvature + np.outer(change, change) / taught - np.outer(along, along) / known


def _bounded_step(
    model: FloatArray,
    gradient: FloatArray,
    point: FloatArray,
    low: FloatArray,
    high: FloatArray,
) -> FloatArray:
    """The step to the minimum of the quadratic model, no farther than to the first bound."""
    at_low, at_high = point <= low + AT_BOUND, point >= high - AT_BOUND
    blocked = (at_low & (gradient > 0)) | (at_high & (gradient < 0))
    for _ in point:
        step = _newton_step(model, gradient, blocked=blocked)
        outward = (at_low & (step < 0)) | (at_high & (step > 0))
        if not outward.any():
            break
        blocked = blocked | outward
    room = np.where(step > 0, high - point, point - low)
    moving = step != 0
    if not moving.any():
        return step
    longest = float((room[moving] / np.abs(step[moving])).min())
    return step * min(1.0, longest)


def _newton_step(model: FloatArray, gradient: FloatArray, *, blocked: BoolArray) -> FloatArray:
    """The step to the minimum of the quadratic model over what is not blocked, never far."""
    step = np.zeros(len(gradient))
    places = np.flatnonzero(~blocked)
    if not len(places) or not gradient[places].any():
        return step
    values, vectors = np.linalg.eigh(model[np.ix_(places, places)])
    values = np.maximum(np.abs(values), FLATTEST * max(float(np.abs(values).max()), FLATTEST))
    step[places] = -vectors @ ((vectors.T @ gradient[places]) / values)
    return step * min(1.0, LONGEST_STEP / float(np.abs(step).max()))
