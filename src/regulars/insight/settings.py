"""What an analysis is asked to do, and every assumption it makes."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

ModelChoice = Literal["bg-nbd", "pareto-nbd", "mbg-nbd", "auto"]
# As people write them; files and options keep the codes.
MODEL_NAMES = {
    "bg-nbd": "BG/NBD",
    "mbg-nbd": "MBG/NBD",
    "pareto-nbd": "Pareto/NBD",
    "gamma-gamma": "Gamma-Gamma",
}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The assumptions behind a set of scores; they are printed in the report.

    Attributes:
        until: Last day that counts; later purchases are set aside.
        validate_until: Last day of the holdout after ``until``, or None for no holdout.
        model: The purchase model, or "auto" to choose by holdout error.
        horizon_weeks: How far ahead value is expected.
        margin: What is left of a unit of revenue, 0 to 1; at 1 "margin" means revenue.
        margin_from_file: Whether the file's own margins count instead, customer by customer.
        discount_yearly: Yearly discount rate, 0.10 for 10 %.
        acquisition_cost: What winning a customer costs elsewhere, in major units; a referral saves it.
        come_anyway: Share of friends who would have come without being sent, 0 to 1.
        decay: The part of a credit that is passed one step up the tree of referrals, 0 to 1.
        window_weeks: For how long after a referral the friend's purchases give credit in the cascade.
        recorded_share: Share of referrals that get recorded, above 0 and at most 1.
        allow_regular: Score even a base whose gaps are as regular as a subscription's.
        coverage: Probability that an interval is meant to hold.
    """

    until: date
    validate_until: date | None = None
    model: ModelChoice = "auto"
    horizon_weeks: float = 52
    margin: float = 1.0
    margin_from_file: bool = False
    discount_yearly: float = 0.10
    acquisition_cost: float = 0.0
    come_anyway: float = 0.5
    decay: float = 0.5
    window_weeks: float = 104
    recorded_share: float = 1.0
    allow_regular: bool = False
    coverage: float = 0.9
