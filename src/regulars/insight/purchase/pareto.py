"""Pareto/NBD: people buy at random, and stop at a moment that has nothing to do with buying.

While active, a customer buys as a Poisson process whose rate is Gamma(r, alpha) over customers; the
time until they stop is exponential with a rate that is Gamma(s, beta) (Schmittlein, Morrison,
Colombo 1987).
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.special import gammaln, psi

from regulars.insight.arrays import FloatArray
from regulars.insight.histories import Histories
from regulars.insight.purchase.lattice import Lattice
from regulars.insight.purchase.model import PurchaseModel, Terms, dot
from regulars.insight.purchase.stopping_integral import StoppingIntegral

SMALLEST_SHARE = 1e-16


@dataclass(frozen=True, kw_only=True, eq=False)
class ParetoNbd(PurchaseModel):
    """Pareto/NBD with its four parameters r, alpha, s, beta."""

    name: ClassVar[str] = "pareto-nbd"
    parameter_names: ClassVar[tuple[str, str, str, str]] = ("r", "alpha", "s", "beta")

    @classmethod
    def starting_points(cls, *, gap: float, age: float) -> tuple[FloatArray, FloatArray]:
        """Two places to begin a search from."""
        return np.array([0.0, gap, 0.0, age]), np.array([1.0, gap + 1.0, -2.0, age - 2.0])

    def draw_stopping(
        self, customers: int, rng: np.random.Generator
    ) -> tuple[FloatArray, FloatArray]:
        """No chance of stopping at a purchase, and an end that has nothing to do with buying."""
        with np.errstate(divide="ignore"):
            stopping = rng.gamma(self.params["s"], 1 / self.params["beta"], customers)
            return np.zeros(customers), rng.exponential(1 / stopping)

    def terms(self, lattice: Lattice) -> Terms:
        """The terms of the likelihood on a lattice.

        With Q as in ``stopping_integral`` and A the active part, a history's likelihood is
        A(T) - Q(T) + Q(t_x); Q(T) is below A(T) always.
        """
        r, alpha, s, beta = (self.params[name] for name in self.parameter_names)
        integral = StoppingIntegral.of(lattice, r, alpha, s, beta)
        x = lattice.x.astype(np.float64)
        shape = r + lattice.slot_x
        clock, stop_clock = alpha + lattice.slot_weeks, beta + lattice.slot_weeks
        log_clock, log_stop_clock = np.log(clock), np.log(stop_clock)
        alive = -shape * log_clock - s * log_stop_clock
        at_last = np.log(s) + integral.log_rest
        later = np.exp(np.minimum(at_last - alive, 0.0))
        rest = np.maximum(1 - later, SMALLEST_SHARE)
        customers = lattice.customers_by_x

        def gradient(by_end: FloatArray, by_last: FloatArray) -> FloatArray:
            by_alive = by_end / rest
            by_rest = by_last - by_alive * later
            node = integral.node_weights(by_rest)
            by_r = dot(customers, psi(r + x) - psi(r) + np.log(alpha)) - dot(by_alive, log_clock)
            by_r -= dot(node, integral.log_alpha_clock)
            by_alpha = customers.sum() * r / alpha - dot(by_alive, shape / clock)
            by_alpha -= dot(node * integral.piece_shape[:, None], np.exp(-integral.log_alpha_clock))
            by_s = customers.sum() * np.log(beta) - dot(by_alive, log_stop_clock)
            by_s += by_rest.sum() / s - dot(node, integral.log_beta_clock)
            by_beta = customers.sum() * s / beta - dot(by_alive, s / stop_clock)
            by_beta -= (s + 1) * dot(node, np.exp(-integral.log_beta_clock))
            return np.array([r * by_r, alpha * by_alpha, s * by_s, beta * by_beta])

        return Terms(
            constant=gammaln(r + x) - gammaln(r) + r * np.log(alpha) + s * np.log(beta),
            at_end=alive + np.log(rest),
            at_last=at_last,
            alive=alive,
            gradient=gradient,
        )

    def count_if_alive(self, x: FloatArray, age: FloatArray, weeks: FloatArray) -> FloatArray:
        """The mean rate (r + x) / (alpha + T) times the expected time active."""
        rate = (self.params["r"] + x) / (self.params["alpha"] + age)
        return rate * self.active_weeks_if_alive(x, age, weeks)

    def pairs_if_alive(self, x: FloatArray, age: FloatArray, weeks: FloatArray) -> FloatArray:
        """E[rate ** 2] times E[D ** 2], D the time active within ``weeks``."""
        shape, clock = self.params["r"] + x, self.params["alpha"] + age
        s, stop_clock = self.params["s"], self.params["beta"] + age
        logs = np.log1p(weeks / stop_clock)
        squared = 2 * stop_clock**2 * (_tail(s - 2, logs) - _tail(s - 1, logs))
        return shape * (shape + 1) / clock**2 * squared

    def active_weeks_if_alive(
        self, x: FloatArray, age: FloatArray, weeks: FloatArray
    ) -> FloatArray:
        """The integral over ``weeks`` of ((beta + T) / (beta + T + time)) ** s."""
        del x
        stop_clock = self.params["beta"] + age
        return stop_clock * _tail(self.params["s"] - 1, np.log1p(weeks / stop_clock))

    def alive_weeks(self, histories: Histories) -> FloatArray:
        """Expected time active so far, from the first purchase to T, given the history, (n,)."""
        r, alpha, s, beta = (self.params[name] for name in self.parameter_names)
        lattice = Lattice.of(histories)
        terms = self.terms(lattice)
        integral = StoppingIntegral.of(lattice, r, alpha, s, beta)
        moment = np.log(s) + integral.log_first_moment(min(alpha, beta))
        whole = np.logaddexp(terms.at_end[lattice.end], terms.at_last[lattice.last])
        alive = np.exp(np.minimum(terms.alive[lattice.end] - whole, 0.0))
        stopped = np.exp(moment[lattice.last] - whole) - np.exp(moment[lattice.end] - whole)
        weeks: FloatArray = np.clip(alive * histories.age + stopped, histories.t_x, histories.age)
        return weeks

    def _youngest_scale(self) -> float:
        return self.params["beta"]


def _tail(power: float, logs: FloatArray) -> FloatArray:
    """(1 - exp(-power * logs)) / power, also at power 0."""
    if power == 0:
        return logs.copy()
    return -np.expm1(-power * logs) / power
