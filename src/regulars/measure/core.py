"""The five questions that a business should be able to answer, with figures or with how to begin."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from regulars.kernel.language import gettext, mark, ngettext
from regulars.kernel.words import list_text, number_text

CARING_DAYS = 30
# The one primary goal: what is chosen at the beginning.
GOALS = {
    "return": mark("More people come back"),
    "send": mark("More people bring others"),
    "know": mark("We know our regulars better"),
    "listen": mark("We hear what people think, and answer"),
    "keep": mark("Fewer regulars slip away"),
}


@dataclass(frozen=True, kw_only=True)
class Known:
    """The figures that the answers are made of.

    Attributes:
        customers: Known by name.
        senders: Of them, who brought somebody.
        friends: Who came through somebody.
        remembered: Of whom something is known that they like.
        purchases: Recorded so far.
        tasks_done: Who was thanked or welcomed back, as lines of today's list.
        employees: Who sign in here.
        visits: Recorded so far.
        heard: Of whom it is known what they need, or what makes it hard for them.
        in_time: How many of the tasks done were done by their day.
        counted_at: When they were counted, where that was a while ago.
        caring: Employees who did a line of the list in the last ``CARING_DAYS`` days.
    """

    customers: int
    senders: int
    friends: int
    remembered: int
    purchases: int
    tasks_done: int
    employees: int
    visits: int = 0
    heard: int = 0
    in_time: int = 0
    caring: int = 0
    counted_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One question, with its answer as far as it can be told.

    Attributes:
        question: As it is asked.
        figure: The answer in a number, or "" while nothing is known.
        told: The answer in a sentence, or how to begin.
        begun: Whether there is an answer.
    """

    question: str
    figure: str
    told: str
    begun: bool


def five_questions(known: Known) -> Sequence[Answer]:
    """The five questions with today's answers, in the language in use."""
    return (
        _spenders_and_senders(known),
        _listening(known),
        _mattering(known),
        _remembering(known),
        _fans(known),
    )


def basis_of(known: Known, *, time: str) -> str:
    """From how many the answers come and how fresh they are, in the language in use.

    Args:
        known: The figures.
        time: Of the clock, as people write it.
    """
    customers, purchases, visits = (
        ngettext("{count} customer", "{count} customers", known.customers),
        ngettext("{count} purchase", "{count} purchases", known.purchases),
        ngettext("{count} visit", "{count} visits", known.visits),
    )
    told = ((purchases, known.purchases), (visits, known.visits))
    counted = [
        text.format(count=number_text(count))
        for text, count in ((customers, known.customers), *(one for one in told if one[1]))
    ]
    return gettext("From {counted}, as of {time} today.").format(
        counted=list_text(counted), time=time
    )


def _spenders_and_senders(known: Known) -> Answer:
    question = gettext("Do we know our spenders and our senders?")
    if not known.senders and not known.purchases:
        told = gettext("Begin with twenty regulars from memory, and who brought whom.")
        return Answer(question=question, figure="", told=told, begun=False)
    told = ngettext(
        "One person brought others: {friends} came through them.",
        "{count} people brought others: {friends} came through them.",
        known.senders,
    ).format(count=number_text(known.senders), friends=number_text(known.friends))
    return Answer(question=question, figure=number_text(known.senders), told=told, begun=True)


def _listening(known: Known) -> Answer:
    question = gettext("Do we listen?")
    if not known.heard:
        told = gettext(
            "Begin by asking three people this week what they would change, and note it with them as what "
            "they need, or what makes it hard for them."
        )
        return Answer(question=question, figure="", told=told, begun=False)
    told = ngettext(
        "One person told us what they need, or what makes it hard for them.",
        "{count} people told us what they need, or what makes it hard for them.",
        known.heard,
    ).format(count=number_text(known.heard))
    return Answer(question=question, figure=number_text(known.heard), told=told, begun=True)


def _mattering(known: Known) -> Answer:
    question = gettext("Do we show people that they matter?")
    if not known.tasks_done:
        told = gettext("Begin with one thank-you tomorrow. We will say whom, and why.")
        return Answer(question=question, figure="", told=told, begun=False)
    told = ngettext(
        "One person was thanked or welcomed back.",
        "{count} people were thanked or welcomed back.",
        known.tasks_done,
    ).format(count=number_text(known.tasks_done))
    if known.in_time < known.tasks_done:
        told += " " + gettext("Of these, {count} in time.").format(count=number_text(known.in_time))
    return Answer(question=question, figure=number_text(known.tasks_done), told=told, begun=True)


def _remembering(known: Known) -> Answer:
    question = gettext("Do we remember them and what they like, without a card?")
    if not known.remembered:
        told = gettext("Begin with what a regular always orders.")
        return Answer(question=question, figure="", told=told, begun=False)
    if known.customers == 1:
        told = gettext("We know what the one person likes whom we know by name.")
        return Answer(question=question, figure=number_text(1), told=told, begun=True)
    told = ngettext(
        "We know what one of {customers} people likes.",
        "We know what {count} of {customers} people like.",
        known.remembered,
    ).format(count=number_text(known.remembered), customers=number_text(known.customers))
    return Answer(question=question, figure=number_text(known.remembered), told=told, begun=True)


def _fans(known: Known) -> Answer:
    question = gettext("Are our own employees fans?")
    if not known.caring:
        told = gettext(
            "Begin by asking each of them whom they would greet by name, and let them do a line of "
            "today’s list."
        )
        return Answer(question=question, figure="", told=told, begun=False)
    told = gettext(
        "{caring} of {employees} who work here cared for somebody on the list in the last {days} days. "
        "Whether they like it here, only they can tell you."
    ).format(
        caring=number_text(known.caring),
        employees=number_text(known.employees),
        days=number_text(CARING_DAYS),
    )
    return Answer(question=question, figure=number_text(known.caring), told=told, begun=True)
