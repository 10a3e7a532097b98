"""Spenders: what every customer is worth by their own purchases, how sure that is.

Glues the purchase model, the spend model and the holdout together for one summary of customers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from regulars.insight.calibration import conditional, tracking
from regulars.insight.histories import FloatArray, Histories, IntArray
from regulars.insight.holdout import (
    Choice,
    Holdout,
    choose_model,
    inner_split,
    p_alive_model,
    validate,
)
from regulars.insight.purchase import PurchaseModel, fit_purchases
from regulars.insight.result import ConditionalPoint, TrackingPoint
from regulars.insight.settings import Settings
from regulars.insight.spend import SpendModel, fit_spend
from regulars.insight.summary import Summary
from regulars.insight.value import CustomerValue, customer_value
from regulars.kernel.clock import DAYS_PER_WEEK, epoch_day
from regulars.kernel.language import gettext
from regulars.kernel.money import minor_digits
from regulars.kernel.progress import Progress
from regulars.kernel.words import number_text

# A customer's own margin is told apart from the base's by this many average purchases of evidence.
MARGIN_EVIDENCE_PURCHASES = 3


@dataclass(frozen=True)
class Base:
    """The summary's columns as arrays of n customers; money in major units."""

    x: IntArray
    t_x_days: IntArray
    age_days: IntArray
    first_day: IntArray
    purchases: IntArray
    holdout_x: IntArray
    value_to_date: FloatArray  # net revenue
    mean_repeat: FloatArray  # net revenue a repeat purchase day, 0 without one
    margin_share: FloatArray  # what is left of a unit of revenue
    margin_to_date: FloatArray

    @property
    def histories(self) -> Histories:
        """What the purchase models see."""
        return Histories.from_days(self.x, self.t_x_days, self.age_days)


def base_of(customers: pa.Table, *, currency: str | None, settings: Settings) -> Base:
    """The arrays of a summary.

    Args:
        customers: A summary's table, one row a customer.
        currency: Of its amounts.
        settings: Says which margin counts: the file's own, or one for all.
    """

    def column(name: str) -> IntArray:
        return np.asarray(customers.column(name).to_numpy(), dtype=np.int64)

    unit = 10.0 ** minor_digits(currency)
    x = column("x")
    repeat = column("repeat_minor") / unit
    revenue = repeat + column("first_minor") / unit
    if settings.margin_from_file:
        earned = column("margin_minor") / unit
        share = own_margin_share(revenue, earned, x + 1)
    else:
        share = np.full(len(x), settings.margin)
        earned = revenue * share
    return Base(
        x=x,
        t_x_days=column("t_x_days"),
        age_days=column("age_days"),
        first_day=column("first_day"),
        purchases=column("purchases"),
        holdout_x=column("holdout_x"),
        value_to_date=revenue,
        mean_repeat=np.maximum(np.divide(repeat, x, out=np.zeros_like(repeat), where=x > 0), 0.0),
        margin_share=share,
        margin_to_date=earned,
    )


def own_margin_share(revenue: FloatArray, earned: FloatArray, days: IntArray) -> FloatArray:
    """Each customer's margin as a share of their revenue, drawn towards the base's.

    The base's share counts as much as ``MARGIN_EVIDENCE_PURCHASES`` average purchases.
    """
    total = float(revenue.sum())
    if total <= 0:
        return np.zeros_like(revenue)
    weight = MARGIN_EVIDENCE_PURCHASES * total / float(days.sum())
    positive = np.maximum(revenue, 0.0)
    return (np.where(revenue > 0, earned, 0.0) + weight * float(earned.sum()) / total) / (
        positive + weight
    )


@dataclass(frozen=True, kw_only=True)
class Spenders:
    """What the models say of every customer of a base.

    Attributes:
        model: The purchase model in use.
        alive_model: The model that P(alive) comes from; it can fall below one for everybody.
        spend: The model of what a purchase brings.
        value: Expected purchases and value a customer, and in total.
        p_alive: Probability of still being a customer, (n,).
        choice: How the model was chosen, or None where it was named.
        holdout: How the forecast did after ``until``, or None where no holdout was asked for.
        notes: What is worth saying, in the language in use.
    """

    model: PurchaseModel
    alive_model: PurchaseModel
    spend: SpendModel
    value: CustomerValue
    p_alive: FloatArray
    choice: Choice | None
    holdout: Holdout | None
    tracking: tuple[TrackingPoint, ...]
    conditional: tuple[ConditionalPoint, ...]
    notes: tuple[str, ...]


def value_spenders(
    base: Base,
    summary: Summary,
    settings: Settings,
    *,
    earlier: Callable[[date, date], Base],
    progress: Progress,
) -> Spenders:
    """Fit the models and value every customer.

    Args:
        base: The customers' arrays.
        summary: The summary that they came from.
        settings: What to assume.
        earlier: Gives the customers as they were on a day, with a holdout up to another.
        progress: Told about each stage.

    Raises:
        NotEnoughRepeats: The purchase model can't be fitted.
    """
    histories = base.histories
    choice = None
    if settings.model == "auto":
        progress(gettext("Choosing the model by what it would have foretold"))
        choice = _choose(base, settings, earlier)
    progress(gettext("Fitting the purchase model"))
    model = fit_purchases(histories, model=choice.name if choice else settings.model)
    alive_model = p_alive_model(model, histories)
    spend = fit_spend(base.x, base.mean_repeat)
    progress(gettext("Valuing every customer"))
    value = customer_value(
        model,
        spend,
        histories,
        base.mean_repeat,
        horizon_weeks=settings.horizon_weeks,
        discount_yearly=settings.discount_yearly,
        margin=base.margin_share,
        coverage=settings.coverage,
    )
    holdout, points = _look_back(base, model, settings)
    return Spenders(
        model=model,
        alive_model=alive_model,
        spend=spend,
        value=value,
        p_alive=alive_model.p_alive(histories),
        choice=choice,
        holdout=holdout,
        tracking=_tracking(base, summary, model, settings),
        conditional=points,
        notes=_notes(spend, choice),
    )


def _choose(base: Base, settings: Settings, earlier: Callable[[date, date], Base]) -> Choice:
    split = inner_split(
        first_day_min=int(base.first_day.min()),
        until=epoch_day(settings.until),
        horizon_weeks=settings.horizon_weeks,
    )
    day = settings.until - timedelta(days=epoch_day(settings.until) - split)
    inside = earlier(day, settings.until)
    weeks = (settings.until - day).days / DAYS_PER_WEEK
    return choose_model(inside.histories, inside.holdout_x, weeks=weeks)


def _look_back(
    base: Base, model: PurchaseModel, settings: Settings
) -> tuple[Holdout | None, tuple[ConditionalPoint, ...]]:
    if settings.validate_until is None:
        return None, ()
    weeks = (settings.validate_until - settings.until).days / DAYS_PER_WEEK
    holdout = validate(
        model, base.histories, base.holdout_x, weeks=weeks, coverage=settings.coverage
    )
    return holdout, tuple(conditional(model, base.histories, base.holdout_x, weeks=weeks))


def _tracking(
    base: Base, summary: Summary, model: PurchaseModel, settings: Settings
) -> tuple[TrackingPoint, ...]:
    return tuple(
        tracking(
            model,
            first_days=base.first_day,
            repeat_days=summary.repeat_days(),
            until=settings.until,
            end=settings.validate_until or settings.until,
        )
    )


def _notes(spend: SpendModel, choice: Choice | None) -> tuple[str, ...]:
    notes = []
    if choice is not None:
        notes.append(choice.sentence)
    if spend.dependent and spend.frequency_correlation is not None:
        told = (
            gettext(
                "Those who come more often spend more each time (correlation {correlation}); "
                "single values are less sure than the interval says."
            )
            if spend.frequency_correlation > 0
            else gettext(
                "Those who come more often spend less each time (correlation {correlation}); "
                "single values are less sure than the interval says."
            )
        )
        notes.append(told.format(correlation=number_text(spend.frequency_correlation, digits=2)))
    return tuple(notes)
