"""What an analysis found: everything that a file, a screen or a report shows of it."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import pyarrow as pa

from regulars.insight.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Month:
    """One calendar month: those who came for the first time beside those who came back."""

    month: date  # its first day
    new_customers: int
    new_revenue: float  # net of refunds, major units
    returning_customers: int
    returning_revenue: float


@dataclass(frozen=True, kw_only=True)
class CohortCell:
    """Of those who first bought in ``cohort``, how many bought again ``quarters`` later."""

    cohort: date  # first day of the quarter of the first purchase
    quarters: int  # 0 is the quarter itself
    customers: int  # size of the cohort
    active: int  # of them, bought in that quarter
    complete: bool  # whether the quarter had ended at the end of observation


@dataclass(frozen=True, kw_only=True)
class TrackingPoint:
    """Repeat purchases of everybody up to a week: what happened beside what the model expects."""

    week_ending: date
    actual: int  # cumulative
    expected: float  # cumulative
    in_holdout: bool


@dataclass(frozen=True, kw_only=True)
class ConditionalPoint:
    """Customers with the same number of repeat purchases: mean purchases in the holdout."""

    x: int
    or_more: bool  # the last point gathers everybody from x on
    customers: int
    actual: float
    expected: float


@dataclass(frozen=True, kw_only=True)
class SlippingCustomer:
    """Somebody who departs from their own rhythm, or whose basket shrinks."""

    customer_id: str
    name: str | None
    reason: Literal["silent", "smaller_basket"]
    usual_gap_days: float
    silent_days: int
    basket_before: float  # mean of their first three purchase days, major units
    basket_now: float  # mean of their last three
    p_alive: float | None  # None below the rung of models
    # Discounted margin to expect of them were they active now; of a smaller basket, what is lost.
    value_at_stake: float  # major units
    friends_brought: int


@dataclass(frozen=True, kw_only=True)
class SenderToThank:
    """Somebody who brought others: whom, and what came of it."""

    customer_id: str
    name: str | None
    friends: tuple[str, ...]  # names, or ids where no name is known; the latest first, at most five
    friends_brought: int
    regulars_brought: int  # of them, with three purchase days or more
    brought_to_date: float  # margin, major units
    brought_expected: float
    latest_friend_day: date
    quadrant: str


@dataclass(frozen=True, kw_only=True)
class ReferralLink:
    """One accepted referral, for drawing who brought whom."""

    sender_id: str
    sender_name: str | None
    friend_id: str
    friend_name: str | None


@dataclass(frozen=True, kw_only=True)
class Movement:
    """How many customers went from one quadrant to another since the earlier run."""

    before: str  # a quadrant, or "new"
    after: str  # a quadrant, or "gone"
    customers: int


@dataclass(frozen=True, kw_only=True)
class Mover:
    """A customer of both runs who is expected to bring more than before, or less."""

    customer_id: str
    customer_name: str | None
    clv_before: float  # major units
    clv_now: float


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What is different from an earlier run; people without purchases do not count.

    Attributes:
        earlier_as_of: The last day that counted then.
        assumptions_differ: Settings that make the totals of the two runs differ by themselves, by
            their names in ``Settings``; "model" where another purchase model was fitted.
        customers_before: Customers then.
        customers_now: Customers now.
        spender_total_before: What was expected of them, major units; None below the rung of models.
        spender_total_now: The same now.
        sender_total_before: The part thanks to sending; None without referrals or models.
        sender_total_now: The same now.
        movements: Between quadrants that were cut at the same points; none where they were not.
        risen: Those whose value rose most, the largest rise first.
        fallen: Those whose value fell most, the largest fall first.
    """

    earlier_as_of: date
    assumptions_differ: tuple[str, ...] = ()
    customers_before: int
    customers_now: int
    spender_total_before: float | None
    spender_total_now: float | None
    sender_total_before: float | None
    sender_total_now: float | None
    movements: tuple[Movement, ...]
    risen: tuple[Mover, ...]
    fallen: tuple[Mover, ...]


@dataclass(frozen=True, kw_only=True)
class ScoreResult:
    """The findings of one run.

    Attributes:
        settings: What was assumed.
        summary: What ``summary.json`` holds, but for the digest of the scores.
        scores: What ``scores.parquet`` holds.
        currency: ISO 4217, or None where the files name none.
        months: New customers beside those who came back, month by month.
        retention: Of those who came in a quarter, how many bought in each later one.
        tracking: Purchases added up week by week, beside the model's.
        conditional: Purchases of the holdout by those of before, beside the model's.
        slipping: Who departs from their own rhythm, the most at stake first.
        thanks: Who brought most, the most valuable first.
        changes: What is different from an earlier run, if one was given.
        referrals: Who brought whom in time order, as far as it can be drawn.
        notes: How the files were read, in the language in use.
        model_notes: What the data were enough for and which model was chosen why, likewise.
    """

    settings: Settings
    summary: dict[str, Any]
    scores: pa.Table
    currency: str | None
    months: tuple[Month, ...] = ()
    retention: tuple[CohortCell, ...] = ()
    tracking: tuple[TrackingPoint, ...] = ()
    conditional: tuple[ConditionalPoint, ...] = ()
    slipping: tuple[SlippingCustomer, ...] = ()
    thanks: tuple[SenderToThank, ...] = ()
    changes: Changes | None = None
    referrals: tuple[ReferralLink, ...] = ()
    notes: tuple[str, ...] = ()
    model_notes: tuple[str, ...] = ()
