"""What somebody is worth, in sentences: how much, between what, from how many purchases and when."""

from dataclasses import dataclass

from regulars.kernel.language import gettext, ngettext
from regulars.kernel.money import amount_text
from regulars.kernel.words import date_text, number_text, percent_text
from regulars.scoring.models import Score
from regulars.scoring.queries import why_standing


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
    """

    told: tuple[Told, ...]
    why: str
    basis: str


def worth_of(score: Score | None) -> WorthTold | None:
    """What the latest run found about somebody, in the language in use; None where it found nothing."""
    if score is None:
        return None
    *life_cycle, spending, sending = why_standing(score)
    return WorthTold(
        told=(_spender(score, spending), _sender(score, sending)),
        why=life_cycle[0] if life_cycle else "",
        basis=_basis(score),
    )


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
