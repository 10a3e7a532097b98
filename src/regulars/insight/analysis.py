"""What the read files say: the steps from purchases and claims to the findings."""

import math
from dataclasses import replace
from datetime import date

import numpy as np

from regulars.insight.arrays import IntArray
from regulars.insight.compare import EarlierRun, changes, changes_summary, check_comparable
from regulars.insight.engines import Engine
from regulars.insight.errors import ShareContradicted
from regulars.insight.ladder import Standing, quiet_end_note, standing
from regulars.insight.purchase import NotEnoughRepeats
from regulars.insight.reading import PurchaseLines, ReferralClaims
from regulars.insight.result import ScoreResult, SlippingCustomer
from regulars.insight.rhythm import (
    OwnRhythm,
    Regularity,
    regularity,
    slipping,
    spend_ahead_by_model,
    spend_ahead_by_rhythm,
)
from regulars.insight.score_table import Found, run_summary, score_table
from regulars.insight.sender.quadrants import QUADRANTS, Basis, Cuts, cut_points, quadrant_of
from regulars.insight.senders import Senders, first_links, people_to_thank, value_senders
from regulars.insight.settings import Settings
from regulars.insight.spend import NotEnoughSpend
from regulars.insight.spenders import Base, Spenders, base_of, value_spenders
from regulars.insight.summary import Summary, summarise
from regulars.kernel.clock import epoch_day
from regulars.kernel.language import gettext
from regulars.kernel.money import minor_per_major
from regulars.kernel.progress import Progress
from regulars.kernel.words import number_text, percent_text

ONE_PERCENT = 0.01
MOST_FRIENDS_SAID = 1e9


def analyse(
    engine: Engine,
    lines: PurchaseLines,
    claims: ReferralClaims | None,
    settings: Settings,
    *,
    earlier: EarlierRun | None,
    progress: Progress,
) -> ScoreResult:
    """Take the steps, as far up the ladder as the data carry.

    Args:
        engine: Where the purchases are added up.
        lines: The purchases as read.
        claims: The referrals as read, or None.
        settings: What to assume.
        earlier: A run to compare with, whose cut points are kept, or None.
        progress: Told about each stage.

    Raises:
        RegularBase: The purchases behave like subscriptions, and that was not allowed.
        RunsDiffer: The earlier run can't be compared with this one.
    """
    if earlier is not None:
        check_comparable(earlier, as_of=settings.until, currency=lines.currency)
    progress(gettext("Adding up purchases"))
    summary = summarise(engine, lines, until=settings.until, validate_until=settings.validate_until)
    base = base_of(summary.customers, currency=lines.currency, settings=settings)
    rhythm = _regularity(summary)
    step = _rung(base, settings)
    spenders = None
    if step.rung == "models":
        if not settings.allow_regular:
            rhythm.refuse()
        step, spenders = _value_spenders(engine, lines, summary, base, settings, step, progress)
    senders = None
    if claims is not None:
        progress(gettext("Following who brought whom"))
        senders = _value_senders(lines, claims, summary, base, settings, spenders)
    quadrants, cuts = _quadrants(base, spenders, senders, earlier)
    found = Found(
        lines=lines,
        claims=claims,
        summary=summary,
        base=base,
        settings=settings,
        step=step,
        spenders=spenders,
        senders=senders,
        quadrants=quadrants,
        cuts=cuts,
    )
    progress(gettext("Seeing who is slipping away"))
    return _result(found, rhythm, earlier)


def _rung(base: Base, settings: Settings) -> Standing:
    """How far up the ladder the data carry."""
    return standing(
        customers=len(base.x),
        repeaters=int((base.x > 0).sum()),
        observed_days=epoch_day(settings.until) - int(base.first_day.min()) + 1,
    )


def _regularity(summary: Summary) -> Regularity:
    gaps = summary.gap_pairs()
    return regularity(
        gaps.pairs, gaps.sum_squares, frequent=gaps.frequent, clockwork=gaps.clockwork
    )


def _value_spenders(
    engine: Engine,
    lines: PurchaseLines,
    summary: Summary,
    base: Base,
    settings: Settings,
    step: Standing,
    progress: Progress,
) -> tuple[Standing, Spenders | None]:
    """What the models say, or one rung less where they can't be fitted after all."""

    def earlier_histories(until: date, validate_until: date) -> Base:
        before = summarise(engine, lines, until=until, validate_until=validate_until)
        return base_of(before.customers, currency=lines.currency, settings=settings)

    try:
        spenders = value_spenders(
            base,
            summary,
            settings,
            last_day=lines.last_day,
            earlier=earlier_histories,
            progress=progress,
        )
    except (NotEnoughRepeats, NotEnoughSpend) as error:
        return replace(step, rung="rhythm", reason=str(error)), None
    return step, spenders


def _value_senders(
    lines: PurchaseLines,
    claims: ReferralClaims,
    summary: Summary,
    base: Base,
    settings: Settings,
    spenders: Spenders | None,
) -> Senders:
    """What everybody is worth by whom they bring.

    Raises:
        ShareContradicted: More friends would have come than there are customers.
    """
    senders = value_senders(
        base,
        summary.customers,
        claims.table,
        settings,
        spenders=spenders,
        value_between=summary.value_between,
        minor_per_major=minor_per_major(lines.currency),
    )
    _check_share(senders, settings)
    return senders


def _check_share(senders: Senders, settings: Settings) -> None:
    """See that no more friends came than there are customers.

    Raises:
        ShareContradicted: So few referrals are said to be recorded that they did.
    """
    friends, customers = senders.values.brought_corrected.friends, senders.people.customers
    if friends > customers:
        least = math.ceil(100 * senders.values.brought.friends / customers) / 100
        raise ShareContradicted(
            share=percent_text(
                settings.recorded_share, digits=0 if settings.recorded_share >= ONE_PERCENT else 2
            ),
            friends=number_text(min(friends, MOST_FRIENDS_SAID)),
            customers=number_text(customers),
            least=number_text(least, digits=2),
        )


def _quadrants(
    base: Base, spenders: Spenders | None, senders: Senders | None, earlier: EarlierRun | None
) -> tuple[list[str], Cuts | None]:
    """Everybody's quadrant and where the cuts are; without referrals there are no quadrants."""
    if senders is None:
        return [], None
    basis: Basis = "clv" if spenders else "margin_to_date"
    own = spenders.value.clv if spenders else base.margin_to_date
    spending = senders.people.with_others(own, 0.0)
    sending, friends = senders.values.sender_value, senders.values.friends
    cuts = cut_points(spending, sending, friends, basis=basis)
    stored = earlier.summary["value"]["cuts"] if earlier else None
    if stored and (stored["version"], stored["basis"]) == (cuts.version, cuts.basis):
        # With the cut points of the earlier run, whoever changed quadrant did change.
        cuts = replace(cuts, clv=stored["clv"], sender_value=stored["sender_value"])
    codes = quadrant_of(spending, sending, friends, cuts=cuts)
    return [QUADRANTS[code] for code in codes], cuts


def _result(found: Found, rhythm: Regularity, earlier: EarlierRun | None) -> ScoreResult:
    table = score_table(found)
    told = run_summary(found, table)
    compared = changes(earlier, told, table) if earlier else None
    spenders, senders = found.spenders, found.senders
    notes = (*found.lines.notes, *(found.claims.notes if found.claims else ()))
    model_notes = _model_notes(found, rhythm)
    return ScoreResult(
        settings=found.settings,
        summary=told | {"notes": [*notes, *model_notes], "changes": changes_summary(compared)},
        scores=table,
        currency=found.lines.currency,
        months=tuple(found.summary.months()),
        retention=tuple(found.summary.cohorts()),
        tracking=spenders.tracking if spenders else (),
        conditional=spenders.conditional if spenders else (),
        slipping=_slipping(found, rhythm),
        thanks=people_to_thank(senders, found.base, found.quadrants, spenders=spenders)
        if senders
        else (),
        referrals=first_links(senders) if senders else (),
        changes=compared,
        notes=notes,
        model_notes=model_notes,
    )


def _model_notes(found: Found, rhythm: Regularity) -> tuple[str, ...]:
    """What the data are enough for and what is odd about them, in the language in use."""
    quiet = quiet_end_note(last_day=found.lines.last_day, until=found.settings.until)
    notes = (found.step.reason, quiet, rhythm.note())
    own = found.spenders.notes if found.spenders else ()
    return (*(note for note in notes if note), *own)


def _slipping(found: Found, rhythm: Regularity) -> tuple[SlippingCustomer, ...]:
    if found.step.rung == "facts":
        return ()
    base, settings, customers = found.base, found.settings, found.summary.customers
    own = OwnRhythm.of(customers, k=rhythm.k)
    unit = minor_per_major(found.lines.currency)
    if found.spenders is None:
        ahead = spend_ahead_by_rhythm(
            own,
            horizon_weeks=settings.horizon_weeks,
            margin=base.margin_share,
            minor_per_major=unit,
        )
    else:
        ahead = spend_ahead_by_model(
            found.spenders.model,
            base.histories,
            expected_spend=found.spenders.value.expected_spend,
            horizon_weeks=settings.horizon_weeks,
            discount_yearly=settings.discount_yearly,
            margin=base.margin_share,
        )
    return tuple(
        slipping(
            own,
            customers,
            baskets=found.summary.baskets,
            spend_ahead=ahead,
            p_alive=found.spenders.p_alive if found.spenders else None,
            friends_brought=_friends(found.senders, len(base.x)),
            minor_per_major=unit,
        )
    )


def _friends(senders: Senders | None, customers: int) -> IntArray:
    if senders is None:
        return np.zeros(customers, dtype=np.int64)
    return senders.values.friends[:customers]
