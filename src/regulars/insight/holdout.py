"""How a forecast did once the future had come, and which model to trust because of it.

Models are compared by what they would have foretold from an earlier day on, never by how well they
fit the past (Fader and Hardie; see docs/algorithms/holdout-and-choice.md).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import xlogy

from regulars.insight.arrays import FloatArray, IntArray, spread_rows
from regulars.insight.histories import Histories
from regulars.insight.purchase import (
    MODELS,
    NotEnoughRepeats,
    PurchaseModel,
    fit_purchases,
    forecast_total,
)
from regulars.insight.settings import MODEL_NAMES
from regulars.kernel.clock import DAYS_PER_WEEK
from regulars.kernel.language import gettext
from regulars.kernel.words import number_text

# What is used where nothing can be compared, or where nothing tells the models apart, so that
# scores do not jump between models from one run to the next.
PREFERRED = "bg-nbd"
DOUBTFUL_OF_NEWCOMERS = "mbg-nbd"
FEWEST_REPEATERS_TO_COMPARE = 50
FEWEST_PURCHASES_TO_COMPARE = 50
MOST_CUSTOMERS_TO_COMPARE = 100_000
SHORTEST_INNER_WEEKS = 4
STANDARD_ERRORS_APART = 2.0
SMALLEST_ADVANTAGE = 0.001
LEAST_EXPECTED = 1e-9
FAR_OFF = 0.15  # of what came; from here on a forecast is said to be off
FEWEST_FOR_CORRELATION = 2


@dataclass(frozen=True, kw_only=True)
class Holdout:
    """A forecast beside what came.

    Attributes:
        actual: Purchase days of the customers in the holdout.
        expected: Their sum as forecast.
        interval: Meant to hold ``actual`` with the coverage asked for.
        correlation: Pearson's, between customers' forecasts and purchases; None where undefined.
        mae: Mean absolute error a customer, in purchases.
    """

    actual: int
    expected: float
    interval: tuple[float, float]
    correlation: float | None
    mae: float


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What one model would have foretold at the inner split.

    Attributes:
        model: Its name.
        deviance: Mean Poisson deviance a customer; the smaller the better.
        mae: Mean absolute error a customer, in purchases.
        actual: Purchase days that came.
        expected: Their sum as forecast.
    """

    model: str
    deviance: float
    mae: float
    actual: int
    expected: float


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The model that was chosen, and why.

    Attributes:
        name: One of ``MODELS``.
        trials: The comparison, best first; empty where none was possible.
        sentence: The reason, in the language in use.
    """

    name: str
    trials: tuple[Trial, ...]
    sentence: str


def validate(
    model: PurchaseModel,
    histories: Histories,
    holdout_x: IntArray,
    *,
    weeks: float,
    coverage: float,
) -> Holdout:
    """Compare a forecast with what came.

    Args:
        model: Fitted on ``histories``.
        histories: Of n customers, up to the beginning of the holdout.
        holdout_x: Their purchase days in the holdout, shape (n,).
        weeks: Length of the holdout.
        coverage: Probability that the interval is meant to hold.
    """
    expected = model.expected(histories, weeks)
    forecast = forecast_total(model, histories, weeks, coverage)
    return Holdout(
        actual=int(holdout_x.sum()),
        expected=float(expected.sum()),
        interval=(float(forecast.low), float(forecast.high)),
        correlation=_correlation(expected, holdout_x),
        mae=float(np.abs(expected - holdout_x).mean()),
    )


def _correlation(expected: FloatArray, actual: IntArray) -> float | None:
    if len(actual) < FEWEST_FOR_CORRELATION or np.ptp(actual) == 0:
        return None
    if np.ptp(expected) <= LEAST_EXPECTED * expected.max():
        return None
    return float(np.corrcoef(expected, actual)[0, 1])


def inner_split(*, first_day_min: int, until: int, horizon_weeks: float) -> int:
    """The day up to which models are fitted to be compared by what came after it.

    What came after is the last third of the time observed, at least four weeks and at most the
    horizon; where four weeks are more than half of the time observed, that half.

    Args:
        first_day_min: Day of the first purchase of all, days since 1970-01-01.
        until: Last day that counts; nothing after it is looked at.
        horizon_weeks: How far ahead value is asked for.

    Returns:
        A day from ``first_day_min`` to ``until``, days since 1970-01-01.
    """
    observed = until - first_day_min
    after = min(observed // 3, int(horizon_weeks * DAYS_PER_WEEK))
    after = max(after, min(SHORTEST_INNER_WEEKS * DAYS_PER_WEEK, observed // 2))
    return until - after


def choose_model(histories: Histories, holdout_x: IntArray, *, weeks: float) -> Choice:
    """Choose the model that would have foretold best what came after an inner split.

    The error is the mean Poisson deviance of a customer's purchases, 2 (y log(y / e) - (y - e)).
    It is smallest for the true expectation, so that neither a total that is off nor customers taken
    for one another can hide in it; the absolute error would favour forecasts that are too low where
    most customers buy nothing. A model replaces the preferred one only where it is better by
    a thousandth and by two standard errors of the paired difference.

    Args:
        histories: Of the customers known at the split, up to it, n of them.
        holdout_x: Their purchase days after the split, shape (n,).
        weeks: Time from the split to the end of what is known.
    """
    if np.count_nonzero(histories.x) < FEWEST_REPEATERS_TO_COMPARE:
        return _unchosen()
    rows = spread_rows(len(histories), MOST_CUSTOMERS_TO_COMPARE)
    part, came = histories.take(rows), holdout_x[rows]
    if came.sum() < FEWEST_PURCHASES_TO_COMPARE:
        return _unchosen()
    trials: list[Trial] = []
    deviances: dict[str, FloatArray] = {}
    for name in MODELS:
        try:
            model = fit_purchases(part, model=name, standard_errors=False)
        except NotEnoughRepeats:
            continue
        expected = model.expected(part, weeks)
        deviances[name] = poisson_deviance(came, expected)
        trials.append(
            Trial(
                model=name,
                deviance=float(deviances[name].mean()),
                mae=float(np.abs(came - expected).mean()),
                actual=int(came.sum()),
                expected=float(expected.sum()),
            )
        )
    trials.sort(key=lambda trial: trial.deviance)
    if not trials:
        return _unchosen()
    name = trials[0].model
    if PREFERRED in deviances and not _clearly_better(deviances[name], deviances[PREFERRED]):
        name = PREFERRED
    return Choice(name=name, trials=tuple(trials), sentence=_reason(name, trials, weeks))


def poisson_deviance(actual: IntArray, expected: FloatArray) -> FloatArray:
    """Each customer's Poisson deviance, 2 (y log(y / e) - (y - e)), shape (n,)."""
    safe = np.maximum(expected, LEAST_EXPECTED)
    return np.asarray(2 * (xlogy(actual, actual / safe) - (actual - safe)), dtype=np.float64)


def _clearly_better(deviance: FloatArray, preferred: FloatArray) -> bool:
    advantage = preferred - deviance
    error = float(advantage.std()) / float(np.sqrt(len(advantage)))
    least = max(STANDARD_ERRORS_APART * error, SMALLEST_ADVANTAGE * float(preferred.mean()))
    return float(advantage.mean()) > least


def _unchosen() -> Choice:
    sentence = gettext(
        "There is too little to compare the purchase models by, so {model} is used."
    ).format(model=MODEL_NAMES[PREFERRED])
    return Choice(name=PREFERRED, trials=(), sentence=sentence)


def _reason(name: str, trials: list[Trial], weeks: float) -> str:
    chosen = next(trial for trial in trials if trial.model == name)
    best = chosen is trials[0] and len(trials) > 1
    if abs(chosen.expected - chosen.actual) > FAR_OFF * chosen.actual:
        message = (
            gettext(
                "For the last {weeks} weeks {model} would have foretold {expected} purchases, and "
                "{actual} came. That is far off, as it can be when a season begins or ends; customer "
                "by customer, the other models were further off still."
            )
            if best
            else gettext(
                "For the last {weeks} weeks {model} would have foretold {expected} purchases, and "
                "{actual} came. That is far off, as it can be when a season begins or ends; customer "
                "by customer, no other model was clearly closer."
            )
        )
    elif best:
        message = gettext(
            "{model} would have foretold the last {weeks} weeks best: {expected} purchases, "
            "and {actual} came."
        )
    else:
        message = gettext(
            "Over the last {weeks} weeks no model would have foretold clearly better than {model}: "
            "{expected} purchases, and {actual} came."
        )
    return message.format(
        model=MODEL_NAMES[name],
        weeks=number_text(weeks),
        expected=number_text(chosen.expected),
        actual=number_text(chosen.actual),
    )


def p_alive_model(model: PurchaseModel, histories: Histories) -> PurchaseModel:
    """The model that P(alive) is taken from: ``model`` itself, unless it never doubts newcomers.

    In BG/NBD a customer can leave only after a repeat purchase, so that P(alive) is 1 for all who
    bought once; it is then taken from MBG/NBD, fitted on the same histories.

    Args:
        model: The model chosen for purchases.
        histories: What it was fitted on.
    """
    if not model.sure_of_newcomers:
        return model
    return fit_purchases(histories, model=DOUBTFUL_OF_NEWCOMERS, standard_errors=False)
