"""What somebody is worth, in sentences: how much, between what, from how many purchases and when."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from regulars.console.shown.standing import standing_now
from regulars.jobs.core import SCORE
from regulars.jobs.queries import is_open, latest_of
from regulars.kernel.language import gettext, mark, ngettext
from regulars.kernel.money import amount_text
from regulars.kernel.words import date_text, number_text, percent_text
from regulars.scoring.models import Score
from regulars.scoring.queries import is_of_all, was_of_both

ONE_SIDE = mark("This was counted before two became one, and is of one of the two only.")
BOTH_SIDES = mark("Two people were valued as one here, and are two again.")


@dataclass(frozen=True, kw_only=True)
class Told:
    """A worth, as a spender or as a sender.

    Attributes:
        kind: ``spender`` or ``sender``.
        heading: What it is.
        figure: The amount.
        sentences: What it means, between what it lies, and why.
    """

    kind: str
    heading: str
    figure: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class WorthTold:
    """All that is told of what somebody is worth.

    Attributes:
        told: As a spender, then as a sender.
        why: Why they stand where they do in their life cycle, or "".
        basis: From how many purchases and when.
        gap: What it does not count, and until when, or "".
    """

    told: tuple[Told, ...]
    why: str
    basis: str
    gap: str


def worth_of(
    score: Score | None, ids: Collection[UUID], *, last_here: date | None, today: date
) -> WorthTold | None:
    """What the latest run found about somebody, in the language in use; None where it found nothing.

    Args:
        score: Theirs.
        ids: Every id of theirs.
        last_here: When they were here last, bought or not; None where nobody noted it.
        today: By the business's own calendar.
    """
    if score is None:
        return None
    *life_cycle, spending, sending = standing_now(score, last_here=last_here, today=today)
    return WorthTold(
        told=(_spender(score, spending), _sender(score, sending)),
        why="".join(life_cycle),
        basis=_basis(score),
        gap="" if is_of_all(score, ids) else f"{gettext(ONE_SIDE)} {_again()}".strip(),
    )


def worth_lost(ids: Collection[UUID]) -> str:
    """Why there is nothing about somebody of whom there was: they were counted as one with somebody else."""
    return f"{gettext(BOTH_SIDES)} {_again()}".strip() if was_of_both(ids) else ""


def _again() -> str:
    """That scores are on their way, where they are."""
    is_under_way = is_open(latest_of(SCORE))
    return gettext("Everybody is valued anew within minutes.") if is_under_way else ""


def _spender(score: Score, why: str) -> Told:
    amount = score.value_to_date if score.clv is None else score.clv
    sentences = [why]
    if score.clv_low is not None and score.clv_high is not None:
        sentences.append(_between(score, score.clv_low, score.clv_high))
    if score.p_alive is not None and score.purchases:
        sentences.append(
            gettext("The chance that they are a customer still is {chance}.").format(
                chance=percent_text(score.p_alive)
            )
        )
    return Told(
        kind="spender",
        heading=gettext("What they are expected to bring in a year")
        if score.clv is not None
        else gettext("What they brought so far"),
        figure=amount_text(amount or 0, score.run.currency),
        sentences=tuple(sentences),
    )


def _sender(score: Score, why: str) -> Told:
    sentences = [why]
    if score.friends and score.sender_value_low is not None and score.sender_value_high is not None:
        sentences.append(_between(score, score.sender_value_low, score.sender_value_high))
    return Told(
        kind="sender",
        heading=gettext("What those whom they bring are worth"),
        figure=amount_text(score.sender_value or 0, score.run.currency),
        sentences=tuple(sentences),
    )


def _between(score: Score, low: int, high: int) -> str:
    if not high:
        return gettext("Nine times in ten it will be nothing.")
    return gettext("Nine times in ten it will be between {low} and {high}.").format(
        low=amount_text(low, score.run.currency), high=amount_text(high, score.run.currency)
    )


def _basis(score: Score) -> str:
    purchases = score.purchases or 0
    counted = ngettext(
        "From {count} purchase up to {day}.", "From {count} purchases up to {day}.", purchases
    ).format(count=number_text(purchases), day=date_text(score.run.until))
    if score.clv is None:
        return f"{counted} " + gettext("There is too little so far to tell what is to come.")
    return counted
