"""The top of the page: who keeps this business alive, in a headline and three figures."""

from dataclasses import dataclass

import numpy as np

from regulars.insight.report.section import Figure
from regulars.insight.report.wording import (
    column,
    counts_revenue,
    customers_text,
    horizon,
    money,
    person,
    share_text,
    stake_horizon,
)
from regulars.insight.result import ScoreResult
from regulars.kernel.language import gettext, ngettext
from regulars.kernel.words import number_text, percent_text

HALF = 0.5
NAMED = 2


@dataclass(frozen=True, kw_only=True)
class Headline:
    """What is read in the first five seconds."""

    sentence: str
    lead: tuple[str, ...]
    figures: tuple[Figure, ...]


def build_headline(result: ScoreResult) -> Headline:
    """The headline that the findings allow on their rung."""
    clv = column(result, "clv")
    if result.summary["ladder"] != "models" or clv is None:
        return _from_facts(result)
    return _from_models(result, np.nan_to_num(clv))


def _from_models(result: ScoreResult, clv: np.ndarray) -> Headline:
    largest_first = np.argsort(-clv, kind="stable")
    running = np.cumsum(clv[largest_first])
    lead = []
    if running[-1] > 0:
        count = int(np.searchsorted(running, HALF * running[-1])) + 1
        sentence = _keepers(result, largest_first[:NAMED], count)
        lead.append(_half_sentence(result, count))
    else:
        expected = (
            gettext("No revenue is expected in {horizon}")
            if counts_revenue(result)
            else gettext("No margin is expected in {horizon}")
        )
        sentence = expected.format(horizon=horizon(result))
    lead += _senders_sentence(result)
    lead += _slipping_sentence(result)
    figures = (_expected(result), _brought(result) or _still_customers(result), _at_stake(result))
    return Headline(sentence=sentence, lead=tuple(lead), figures=figures)


def _half_sentence(result: ScoreResult, count: int) -> str:
    """How many bring half; languages bend "revenue" and "margin" differently after "all"."""
    customers = int(result.summary["customers"])
    sentence = (
        ngettext(
            "One person of your {customers} is expected to bring half of all revenue in {horizon}.",
            "These {count} are {share} of your {customers}, and are expected to bring half of all "
            "revenue in {horizon}.",
            count,
        )
        if counts_revenue(result)
        else ngettext(
            "One person of your {customers} is expected to bring half of all margin in {horizon}.",
            "These {count} are {share} of your {customers}, and are expected to bring half of all "
            "margin in {horizon}.",
            count,
        )
    )
    return sentence.format(
        count=number_text(count),
        share=share_text(count / customers),
        customers=customers_text(customers),
        horizon=horizon(result),
    )


def _keepers(result: ScoreResult, first: np.ndarray, count: int) -> str:
    """Two names where we know them: a business is kept alive by people, not by a number."""
    names = _names(result, first)
    others = count - NAMED
    if len(names) < NAMED or others < 1:
        return ngettext(
            "One person keeps this business alive",
            "{count} people keep this business alive",
            count,
        ).format(count=number_text(count))
    return ngettext(
        "{first}, {second} and one other keep this business alive",
        "{first}, {second} and {count} others keep this business alive",
        others,
    ).format(first=names[0], second=names[1], count=number_text(others))


def _names(result: ScoreResult, rows: np.ndarray) -> list[str]:
    if "customer_name" not in result.scores.column_names:
        return []
    known = result.scores.take(rows).select(["customer_id", "customer_name"]).to_pylist()
    return [
        person(row["customer_name"], row["customer_id"]) for row in known if row["customer_name"]
    ]


def _senders_sentence(result: ScoreResult) -> list[str]:
    friends = column(result, "friends")
    if friends is None:
        return []
    senders = int(np.count_nonzero(np.nan_to_num(friends) > 0))
    brought = int(np.nansum(friends))
    if not senders:
        return []
    return [
        ngettext(
            "One person has brought others: {brought} so far.",
            "{count} people have brought others: {brought} so far.",
            senders,
        ).format(count=number_text(senders), brought=customers_text(brought))
    ]


def _slipping_sentence(result: ScoreResult) -> list[str]:
    count = len(result.slipping)
    if not count:
        return []
    return [
        ngettext(
            "One person is slipping away and can still be won back.",
            "{count} people are slipping away and can still be won back.",
            count,
        ).format(count=number_text(count))
    ]


def _expected(result: ScoreResult) -> Figure:
    value = result.summary["value"]
    low, high = value["spender_interval"]
    note = gettext("With {coverage} certainty between {low} and {high}.").format(
        coverage=percent_text(result.settings.coverage),
        low=money(result, low),
        high=money(result, high),
    )
    label = (
        gettext("revenue expected in {horizon} from the customers you have")
        if counts_revenue(result)
        else gettext("margin expected in {horizon} from the customers you have")
    )
    return Figure(
        value=money(result, value["spender_total"]),
        label=label.format(horizon=horizon(result)),
        note=note,
    )


def _brought(result: ScoreResult) -> Figure | None:
    brought = result.summary["value"]["brought"]
    if not brought or not brought["realised"]:
        return None
    note = gettext(
        "Another {known} is expected of them, and {future} of friends yet to come."
    ).format(
        known=money(result, brought["expected_known"]),
        future=money(result, brought["expected_future"]),
    )
    if brought["recorded_share"] < 1:
        note += " " + gettext(
            "Counting the introductions nobody noted: about {realised} so far, and {expected} "
            "still to come."
        ).format(
            realised=money(result, brought["corrected"]["realised"]),
            expected=money(result, brought["corrected"]["expected"]),
        )
    return Figure(
        value=money(result, brought["realised"]),
        label=gettext("revenue so far from people whom others brought")
        if counts_revenue(result)
        else gettext("margin so far from people whom others brought"),
        note=note,
    )


def _still_customers(result: ScoreResult) -> Figure:
    p_alive = column(result, "p_alive")
    still = round(float(np.nansum(p_alive))) if p_alive is not None else 0
    return Figure(
        value=number_text(still),
        label=gettext("of {customers} are likely still yours").format(
            customers=customers_text(int(result.summary["customers"]))
        ),
        note=gettext("Nobody says goodbye: this is judged from how long each has been silent."),
    )


def _at_stake(result: ScoreResult) -> Figure:
    count = len(result.slipping)
    stake = sum(person.value_at_stake for person in result.slipping)
    note = (
        gettext("What they would bring in {horizon} if they came as they used to.").format(
            horizon=stake_horizon(result)
        )
        if count
        else gettext("Everybody keeps to their own rhythm.")
    )
    label = ngettext(
        "at stake with one person who is slipping away",
        "at stake with {count} people who are slipping away",
        count,
    ).format(count=number_text(count))
    return Figure(value=money(result, stake), label=label, note=note, needs_you=count > 0)


def _from_facts(result: ScoreResult) -> Headline:
    """Below the rung of models: what happened, and what more days will tell."""
    summary = result.summary
    customers = int(summary["customers"])
    to_date = column(result, "value_to_date")
    spent = float(np.nansum(to_date)) if to_date is not None else 0.0
    x = column(result, "x")
    returned = int(np.count_nonzero(np.nan_to_num(x) > 0)) if x is not None else 0
    lead = (
        gettext(
            "This is what your file tells so far. A forecast needs more people who came back; "
            "until then you see what happened, without guessing."
        ),
        summary["ladder_reason"],
    )
    figures = (
        Figure(value=number_text(customers), label=ngettext("customer", "customers", customers)),
        Figure(
            value=number_text(int(summary["purchases"])),
            label=ngettext("purchase", "purchases", int(summary["purchases"])),
            note=gettext("{amount} in all, after refunds.").format(amount=money(result, spent)),
        ),
        Figure(
            value=number_text(returned),
            label=ngettext("has come back", "have come back", returned),
            note=gettext("On another day than their first."),
        ),
    )
    return Headline(sentence=_facts_sentence(result, customers), lead=lead, figures=figures)


def _facts_sentence(result: ScoreResult, customers: int) -> str:
    names = _names(result, np.arange(min(customers, 1)))
    if customers == 1 and names:
        return gettext("{name} is your first customer").format(name=names[0])
    return ngettext("Your first customer", "Your first {count} customers", customers).format(
        count=number_text(customers)
    )
