"""Integrals over the unseen moment of stopping, for every slot of a lattice at once.

For a customer with x repeat purchases the Pareto/NBD likelihood needs, with tau the moment of
stopping, the integral from t to the last time of that x

    Q(t) = s * integral of (alpha + tau) ** -(r + x) * (beta + tau) ** -(s + 1) over tau

at t = t_x and at t = T; the difference of the two is the customer's own integral. The slots of one
x are in order of time, so the integral is summed up from piece to piece, backwards, as logarithms:
r + x may be in the thousands. A piece is short enough that the integrand falls by at most e over
it, and five nodes of Gauss and Legendre in the logarithm of time then leave an error near 1e-12.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from regulars.insight.arrays import FloatArray, IntArray
from regulars.insight.purchase.lattice import Lattice
from regulars.insight.purchase.quadrature import legendre

NODES = 5
LARGEST_FALL = 1.0  # of the logarithm of the integrand over one piece
LARGEST_STRETCH = 0.5  # of the logarithm of time over one piece


@dataclass(frozen=True, kw_only=True)
class StoppingIntegral:
    """The integral of one set of parameters, without the factor s.

    Attributes:
        log_rest: log of the integral from each slot to the last slot of its x, shape (s,); minus
            infinity at the last slot.
        group_first: Where the pieces of each x begin, and their number at the end, (k + 1,).
        slot_first: The first piece of each slot, (s,).
        piece_shape: r + x of each piece, (q,).
        log_piece: log of the integral over each piece, (q,).
        log_rest_piece: log of the integral from the start of each piece on, (q,).
        node_share: The share of its piece's integral that each node carries, (q, nodes).
        log_alpha_clock: log(alpha + tau) at the nodes, (q, nodes).
        log_beta_clock: log(beta + tau) at the nodes, (q, nodes).
    """

    log_rest: FloatArray
    group_first: IntArray
    slot_first: IntArray
    piece_shape: FloatArray
    log_piece: FloatArray
    log_rest_piece: FloatArray
    node_share: FloatArray
    log_alpha_clock: FloatArray
    log_beta_clock: FloatArray

    @classmethod
    def of(
        cls, lattice: Lattice, r: float, alpha: float, s: float, beta: float
    ) -> "StoppingIntegral":
        """Integrate for every slot of a lattice."""
        shape = r + lattice.slot_x
        near = min(alpha, beta)
        start = near + lattice.slot_weeks
        width = np.zeros(len(shape))
        width[:-1] = np.diff(lattice.slot_weeks)
        last_slots = lattice.first_slot[1:] - 1
        width[last_slots] = 0.0
        stretch = np.log1p(width / start)
        fall = shape * np.log1p(width / (alpha + lattice.slot_weeks))
        fall += (s + 1) * np.log1p(width / (beta + lattice.slot_weeks))
        pieces = np.ceil(np.maximum(fall / LARGEST_FALL, stretch / LARGEST_STRETCH))
        pieces = np.maximum(pieces, 1.0).astype(np.int64)
        slot_first = np.cumsum(pieces) - pieces
        slot = np.repeat(np.arange(len(shape)), pieces)
        step = (stretch / pieces)[slot]
        begin = np.log(start)[slot] + (np.arange(len(slot)) - slot_first[slot]) * step
        piece_shape = shape[slot]

        nodes, weights = legendre(NODES)
        log_near = begin[:, None] + step[:, None] * nodes
        log_far = np.log(np.exp(log_near) + abs(alpha - beta))
        log_alpha_clock, log_beta_clock = (
            (log_near, log_far) if alpha <= beta else (log_far, log_near)
        )
        height = log_near - piece_shape[:, None] * log_alpha_clock - (s + 1) * log_beta_clock
        top = height[:, 0].copy()
        height -= top[:, None]
        node_share = np.exp(height, out=height)
        node_share *= weights
        total = node_share.sum(axis=1)
        node_share /= total[:, None]
        with np.errstate(divide="ignore"):
            log_piece = top + np.log(total * step)
        group_first = np.r_[slot_first[lattice.first_slot[:-1]], len(slot)]
        log_rest_piece = _sums_to_the_end(log_piece, group_first)
        return cls(
            log_rest=log_rest_piece[slot_first],
            group_first=group_first,
            slot_first=slot_first,
            piece_shape=piece_shape,
            log_piece=log_piece,
            log_rest_piece=log_rest_piece,
            node_share=node_share,
            log_alpha_clock=log_alpha_clock,
            log_beta_clock=log_beta_clock,
        )

    def node_weights(self, by_log_rest: FloatArray) -> FloatArray:
        """From derivatives by ``log_rest``, (s,), to those by the log integrand, (q, nodes).

        A piece is part of the integral of every slot before it, so its derivative gathers theirs,
        each divided by the integral that it belongs to.
        """
        gathered = np.zeros(len(self.log_piece))
        for sign in (1.0, -1.0):
            share = np.full(len(self.log_piece), -np.inf)
            with np.errstate(divide="ignore"):
                wanted = np.log(np.maximum(sign * by_log_rest, 0.0))
            some = wanted > -np.inf
            share[self.slot_first[some]] = wanted[some] - self.log_rest[some]
            gathered += sign * np.exp(
                _sums_from_the_start(share, self.group_first) + self.log_piece
            )
        return gathered[:, None] * self.node_share

    def log_first_moment(self, near: float) -> FloatArray:
        """Log of the same integral with a factor tau, (s,); ``near`` is min(alpha, beta)."""
        log_near = np.minimum(self.log_alpha_clock, self.log_beta_clock)
        time = np.maximum(np.exp(log_near) - near, 0.0)
        with np.errstate(divide="ignore"):
            log_piece = self.log_piece + np.log((self.node_share * time).sum(axis=1))
        return _sums_to_the_end(log_piece, self.group_first)[self.slot_first]


def _sums_to_the_end(logs: FloatArray, group_first: IntArray) -> FloatArray:
    """The log of the sum from each element to the end of its group."""
    sums = np.empty_like(logs)
    for first, stop in pairwise(group_first):
        sums[first:stop] = np.logaddexp.accumulate(logs[first:stop][::-1])[::-1]
    return sums


def _sums_from_the_start(logs: FloatArray, group_first: IntArray) -> FloatArray:
    """The log of the sum from the start of its group to each element."""
    sums = np.empty_like(logs)
    for first, stop in pairwise(group_first):
        np.logaddexp.accumulate(logs[first:stop], out=sums[first:stop])
    return sums
