"""Spenders: what every customer is worth by their own purchases, how sure that is.

Glues the purchase model, the spend model and the holdout together for one summary of customers.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from regulars.insight.arrays import FloatArray, IntArray
from regulars.insight.calibration import conditional, tracking
from regulars.insight.histories import Histories
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
from regulars.insight.settings import MODEL_NAMES, Settings
from regulars.insight.spend import SpendModel, fit_spend
from regulars.insight.summary import Summary
from regulars.insight.value import CustomerValue, customer_value
from regulars.kernel.clock import DAYS_PER_WEEK, epoch_day
from regulars.kernel.language import gettext
from regulars.kernel.money import minor_per_major
from regulars.kernel.progress import Progress
from regulars.kernel.words import date_text, list_text, number_text

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

    unit = minor_per_major(currency)
    x = column("x")
    repeat = column("repeat_minor") / unit
    revenue = repeat + column("first_minor") / unit
    if settings.margin_from_file:
        share, earned = margins(
            revenue, column("margin_base_minor") / unit, column("margin_minor") / unit, days=x + 1
        )
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


def margins(
    revenue: FloatArray, known_revenue: FloatArray, known_margin: FloatArray, *, days: IntArray
) -> tuple[FloatArray, FloatArray]:
    """Each customer's share of margin and margin to date, from the purchases whose margin is known.

    A customer's own share is drawn towards the base's, which counts as much as
    ``MARGIN_EVIDENCE_PURCHASES`` average purchases; revenue of unknown margin earns that share.
    Where no margin is known at all, revenue is counted, as without a column of margins.

    Args:
        revenue: To date, shape (n,).
        known_revenue: The part of it whose margin is known, (n,).
        known_margin: What was earned on that part, (n,).
        days: Purchase days, (n,).

    Returns:
        The shares and the margins to date, shape (n,) each; major units.
    """
    total = float(known_revenue.sum())
    if total <= 0:
        return np.ones_like(revenue), revenue
    base_share = float(known_margin.sum()) / total
    weight = MARGIN_EVIDENCE_PURCHASES * float(revenue.sum()) / float(days.sum())
    seen = np.maximum(known_revenue, 0.0)
    share = (np.where(known_revenue > 0, known_margin, 0.0) + weight * base_share) / (seen + weight)
    return share, known_margin + (revenue - known_revenue) * share


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
        holdout: How the forecast did after ``until``, or None where no holdout was asked for or
            nothing is known of it.
        holdout_until: The last day of the holdout, or None: the one asked for, or the last day of
            the files where they end before it.
        notes: What is worth saying, in the language in use.
    """

    model: PurchaseModel
    alive_model: PurchaseModel
    spend: SpendModel
    value: CustomerValue
    p_alive: FloatArray
    choice: Choice | None
    holdout: Holdout | None
    holdout_until: date | None
    tracking: tuple[TrackingPoint, ...]
    conditional: tuple[ConditionalPoint, ...]
    notes: tuple[str, ...]


def value_spenders(
    base: Base,
    summary: Summary,
    settings: Settings,
    *,
    last_day: date,
    earlier: Callable[[date, date], Base],
    progress: Progress,
) -> Spenders:
    """Fit the models and value every customer.

    Args:
        base: The customers' arrays.
        summary: The summary that they came from.
        settings: What to assume.
        last_day: Of the last purchase or refund in the files; a holdout ends on it at the latest.
        earlier: Gives the customers as they were on a day, with a holdout up to another.
        progress: Told about each stage.

    Raises:
        NotEnoughRepeats: The purchase model can't be fitted.
    """
    histories = base.histories
    choice = _choose(base, settings, earlier, progress)
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
    holdout_until = holdout_end(settings, last_day)
    holdout, points = _look_back(base, model, settings, holdout_until)
    return Spenders(
        model=model,
        alive_model=alive_model,
        spend=spend,
        value=value,
        p_alive=alive_model.p_alive(histories),
        choice=choice,
        holdout=holdout,
        holdout_until=holdout_until,
        tracking=_tracking(base, summary, model, until=settings.until, end=holdout_until),
        conditional=points,
        notes=(
            *([choice.sentence] if choice else []),
            *_holdout_notes(settings, last_day),
            *_tested_notes(holdout, holdout_until),
            *_model_notes(model, spend),
        ),
    )


def _choose(
    base: Base,
    settings: Settings,
    earlier: Callable[[date, date], Base],
    progress: Progress,
) -> Choice | None:
    """Which model foretold best, or None where one is named."""
    if settings.model != "auto":
        return None
    progress(gettext("Choosing the model by what it would have foretold"))
    split = inner_split(
        first_day_min=int(base.first_day.min()),
        until=epoch_day(settings.until),
        horizon_weeks=settings.horizon_weeks,
    )
    day = settings.until - timedelta(days=epoch_day(settings.until) - split)
    inside = earlier(day, settings.until)
    weeks = (settings.until - day).days / DAYS_PER_WEEK
    return choose_model(inside.histories, inside.holdout_x, weeks=weeks)


def holdout_end(settings: Settings, last_day: date) -> date | None:
    """The last day on which a forecast can be compared with what came, or None where there is none.

    Args:
        settings: Say until when a holdout was asked for, if one was.
        last_day: Of the last purchase or refund in the files; days without files are no days without
            purchases.
    """
    if settings.validate_until is None or last_day <= settings.until:
        return None
    return min(settings.validate_until, last_day)


def _look_back(
    base: Base, model: PurchaseModel, settings: Settings, end: date | None
) -> tuple[Holdout | None, tuple[ConditionalPoint, ...]]:
    if end is None:
        return None, ()
    weeks = (end - settings.until).days / DAYS_PER_WEEK
    holdout = validate(
        model, base.histories, base.holdout_x, weeks=weeks, coverage=settings.coverage
    )
    return holdout, tuple(conditional(model, base.histories, base.holdout_x, weeks=weeks))


def _tracking(
    base: Base, summary: Summary, model: PurchaseModel, *, until: date, end: date | None
) -> tuple[TrackingPoint, ...]:
    return tuple(
        tracking(
            model,
            first_days=base.first_day,
            repeat_days=summary.repeat_days(),
            until=until,
            end=end or until,
        )
    )


def _holdout_notes(settings: Settings, last_day: date) -> list[str]:
    """That a holdout was asked for of which the files do not tell all."""
    asked = settings.validate_until
    if asked is None or last_day >= asked:
        return []
    message = (
        gettext(
            "The files end on {last_day}, so nothing is known of what came after {until}, and the "
            "forecast was not tested."
        )
        if last_day <= settings.until
        else gettext(
            "The files end on {last_day}, before {asked}, so the forecast was tested up to then."
        )
    )
    return [
        message.format(
            last_day=date_text(last_day), until=date_text(settings.until), asked=date_text(asked)
        )
    ]


def _tested_notes(holdout: Holdout | None, until: date | None) -> list[str]:
    """How the forecast did on days that it had not seen."""
    if holdout is None or until is None:
        return []
    low, high = holdout.interval
    said = gettext(
        "Put to the test up to {until}: {expected} purchases were foretold, {low} to {high}, and "
        "{actual} came."
    )
    numbers = {"expected": holdout.expected, "low": low, "high": high, "actual": holdout.actual}
    shown = {name: number_text(round(number)) for name, number in numbers.items()}
    return [said.format(until=date_text(until), **shown)]


def _model_notes(model: PurchaseModel, spend: SpendModel) -> list[str]:
    """What the data do not settle, or what does not suit the models."""
    notes = []
    for fitted in (model, spend):
        errors = fitted.standard_errors or {}
        open_names = [
            name for name, error in errors.items() if error is None or not math.isfinite(error)
        ]
        if open_names:
            told = gettext(
                "These data do not settle {parameters} of {model}, as happens where customers "
                "hardly differ or hardly anybody leaves. Ranges leave out the doubt that this adds."
            )
            notes.append(
                told.format(parameters=list_text(open_names), model=MODEL_NAMES[fitted.name])
            )
    if not spend.mean_is_finite:
        told = gettext(
            "A few purchases are so large that no average holds for everybody (q is {q}, at most "
            "1). Those who have not come back are expected to spend what those who did spend on "
            "average, and others what they spent themselves."
        )
        notes.append(told.format(q=number_text(spend.q, digits=2)))
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
    return notes
