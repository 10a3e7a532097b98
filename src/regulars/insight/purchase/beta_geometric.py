"""BG/NBD and MBG/NBD: people buy at random and may stop for good right after a purchase.

While active, a customer buys as a Poisson process whose rate is Gamma(r, alpha) over customers;
after a purchase they stop with a chance p that is Beta(a, b). In BG/NBD (Fader, Hardie, Lee 2005)
the first purchase is not followed by that coin; in MBG/NBD (Batislam, Denizel, Filiztekin 2007;
Hoppe and Wagner 2007) it is.

For an active customer p is Beta(a, b + coins) and the rate is Gamma(r + x, alpha + T), independent
of each other. Figures of the future have a closed form given p; their mean over p is a Gauss-Jacobi
sum, which knows no singular parameters: the usual form by the hypergeometric function divides by
a - 1.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np
from scipy.special import betainc, gammaln, psi

from regulars.insight.arrays import FloatArray
from regulars.insight.histories import Histories
from regulars.insight.purchase.lattice import Lattice
from regulars.insight.purchase.model import PurchaseModel, Terms, dot, segments
from regulars.insight.purchase.quadrature import beta_nodes_for

PAIRS_AT_ONCE = 2048

# From (p, shape, reach) to a figure given p: shape is r + x, reach is weeks / (alpha + T).
GivenChance = Callable[[FloatArray, float, FloatArray], FloatArray]


@dataclass(frozen=True, kw_only=True, eq=False)
class BetaGeometric(PurchaseModel):
    """What the two have in common: ``coins_at_first`` is 0 for BG/NBD and 1 for MBG/NBD."""

    parameter_names: ClassVar[tuple[str, str, str, str]] = ("r", "alpha", "a", "b")
    coins_at_first: ClassVar[int]

    @classmethod
    def starting_points(cls, *, gap: float, age: float) -> tuple[FloatArray, FloatArray]:  # noqa: ARG003
        """Two places to begin a search from."""
        return np.array([0.0, gap, 0.0, 1.0]), np.array([1.0, gap + 1.0, -2.0, -1.0])

    def draw_stopping(
        self, customers: int, rng: np.random.Generator
    ) -> tuple[FloatArray, FloatArray]:
        """A chance of stopping after each purchase, and no other end but the coin at the first."""
        chance = rng.beta(self.params["a"], self.params["b"], customers)
        stopped = rng.random(customers) < chance * self.coins_at_first
        return chance, np.where(stopped, 0.0, np.inf)

    def terms(self, lattice: Lattice) -> Terms:
        """The terms of the likelihood on a lattice."""
        r, alpha, a, b = (self.params[name] for name in self.parameter_names)
        x = lattice.x.astype(np.float64)
        stay = b + x + self.coins_at_first
        constant = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
        constant += gammaln(stay) - gammaln(a + stay) - gammaln(b) + gammaln(a + b)
        shape = r + lattice.slot_x
        clock = alpha + lattice.slot_weeks
        log_clock = np.log(clock)
        at_end = -shape * log_clock
        can_stop = lattice.slot_x + self.coins_at_first > 0
        odds = np.where(can_stop, b + lattice.slot_x + self.coins_at_first - 1, 1.0)
        at_last = np.where(can_stop, np.log(a / odds) + at_end, -np.inf)
        customers = lattice.customers_by_x

        def gradient(by_end: FloatArray, by_last: FloatArray) -> FloatArray:
            both = by_end + by_last
            stopped = np.where(can_stop, by_last, 0.0)
            by_r = dot(customers, psi(r + x) - psi(r) + np.log(alpha)) - dot(both, log_clock)
            by_alpha = customers.sum() * r / alpha - dot(both, shape / clock)
            by_a = dot(customers, psi(a + b) - psi(a + stay)) + stopped.sum() / a
            by_b = dot(customers, psi(stay) - psi(a + stay) - psi(b) + psi(a + b))
            by_b -= dot(stopped, 1 / odds)
            return np.array([r * by_r, alpha * by_alpha, a * by_a, b * by_b])

        return Terms(
            constant=constant, at_end=at_end, at_last=at_last, alive=at_end, gradient=gradient
        )

    def count_if_alive(self, x: FloatArray, age: FloatArray, weeks: FloatArray) -> FloatArray:
        """Given p: (1 - (1 + p reach) ** -(r + x)) / p."""
        return self._mean_over_chance(x, age, weeks, _count_given_chance)

    def pairs_if_alive(self, x: FloatArray, age: FloatArray, weeks: FloatArray) -> FloatArray:
        """Given p: 2 (1 - p) / p ** 2 times the chance of two would-be stops within ``weeks``."""
        return self._mean_over_chance(x, age, weeks, _pairs_given_chance)

    def active_weeks_if_alive(
        self, x: FloatArray, age: FloatArray, weeks: FloatArray
    ) -> FloatArray:
        """Given p: the integral over ``weeks`` of (1 + p time / (alpha + T)) ** -(r + x)."""
        share = self._mean_over_chance(x, age, weeks, _active_given_chance)
        return share * (self.params["alpha"] + age)

    def alive_weeks(self, histories: Histories) -> FloatArray:
        """All of T if still active, else up to the last purchase, when they must have stopped."""
        chance = self.p_alive(histories)
        return histories.t_x + chance * (histories.age - histories.t_x)

    def _youngest_scale(self) -> float:
        return self.params["alpha"]

    def _mean_over_chance(
        self, x: FloatArray, age: FloatArray, weeks: FloatArray, given: GivenChance
    ) -> FloatArray:
        r, alpha, a, b = (self.params[name] for name in self.parameter_names)
        reach = weeks / (alpha + age)
        result = np.empty(len(x))
        for count, rows in segments(x):
            shape = r + count
            farthest = reach[rows].max()[None]
            place, weight = beta_nodes_for(
                partial(_count_given_chance, shape=shape, reach=farthest),
                a,
                b + count + self.coins_at_first,
            )
            for start in range(rows.start, rows.stop, PAIRS_AT_ONCE):
                part = slice(start, min(start + PAIRS_AT_ONCE, rows.stop))
                figures = given(place, shape, reach[part, None])
                result[part] = np.einsum("ij,j->i", figures, weight)
        return result


def _count_given_chance(p: FloatArray, shape: float, reach: FloatArray) -> FloatArray:
    return -np.expm1(-shape * np.log1p(p * reach)) / p


def _pairs_given_chance(p: FloatArray, shape: float, reach: FloatArray) -> FloatArray:
    would_stop = p * reach
    twice = betainc(2.0, shape, would_stop / (1 + would_stop))
    return 2 * (1 - p) / p**2 * twice


def _active_given_chance(p: FloatArray, shape: float, reach: FloatArray) -> FloatArray:
    logs = np.log1p(p * reach)
    power = shape - 1
    if power == 0:
        return logs / p
    return -np.expm1(-power * logs) / (power * p)


@dataclass(frozen=True, kw_only=True, eq=False)
class BgNbd(BetaGeometric):
    """BG/NBD: nobody stops before the first repeat purchase, so P(alive) is 1 at x = 0."""

    name: ClassVar[str] = "bg-nbd"
    sure_of_newcomers: ClassVar[bool] = True
    coins_at_first: ClassVar[int] = 0


@dataclass(frozen=True, kw_only=True, eq=False)
class MbgNbd(BetaGeometric):
    """MBG/NBD: people may stop right after the first purchase as well."""

    name: ClassVar[str] = "mbg-nbd"
    coins_at_first: ClassVar[int] = 1
