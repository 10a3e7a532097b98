"""People to turn to: what to do this week, who to thank, who to win back."""

from dataclasses import dataclass
from itertools import zip_longest

from regulars.insight.report.section import Section
from regulars.insight.report.wording import (
    QUADRANT_COLOURS,
    basis,
    column,
    horizon,
    money,
    person,
    person_in,
    stake_horizon,
)
from regulars.insight.result import ScoreResult, SenderToThank, SlippingCustomer
from regulars.kernel.language import gettext, ngettext
from regulars.kernel.words import date_text, list_text, number_text, percent_text

THIS_WEEK = 10
CARDS = 6
FRIENDS_MENTIONED = 2
DAILY_BELOW_DAYS = 1.5


@dataclass(frozen=True, kw_only=True)
class Action:
    """One thing to do this week."""

    kind: str  # thank, win-back
    tag: str
    why: str
    what: str


@dataclass(frozen=True, kw_only=True)
class Week(Section):
    """The first ten people to turn to."""

    actions: tuple[Action, ...]


@dataclass(frozen=True, kw_only=True)
class Card:
    """A person, what is to be known of them, and the figure that goes with it."""

    name: str
    group: str
    colour: str
    sentence: str
    details: tuple[str, ...]
    amount: str
    amount_label: str


@dataclass(frozen=True, kw_only=True)
class Cards(Section):
    """People, one card each."""

    cards: tuple[Card, ...]
    more: str = ""


def build_week(result: ScoreResult) -> Week:
    """Thanks and winning back by turns, the most valuable first, nobody twice."""
    thanks = [_thank_action(sender) for sender in result.thanks[:THIS_WEEK]]
    chosen = {sender.customer_id for sender in result.thanks[: THIS_WEEK // 2]}
    slipping = [
        _win_back_action(result, gone)
        for gone in result.slipping[: 2 * THIS_WEEK]
        if gone.customer_id not in chosen
    ]
    by_turns = [action for pair in zip_longest(thanks, slipping) for action in pair if action]
    first: dict[str, Action] = {}
    for identifier, action in by_turns:
        first.setdefault(identifier, action)
    actions = tuple(first.values())[:THIS_WEEK]
    return Week(
        anchor="week",
        heading=gettext("What to do this week"),
        intro=(gettext("Start at the top. Ten minutes a day are enough."),) if actions else (),
        empty=""
        if actions
        else gettext(
            "Your first ten people to thank or to win back will be here, as soon as some have "
            "come often enough to have a rhythm or have brought others."
        ),
        actions=actions,
    )


def _thank_action(sender: SenderToThank) -> tuple[str, Action]:
    action = Action(
        kind="thank",
        tag=gettext("Thank"),
        why=_brought_sentence(sender),
        what=ngettext(
            "Say thank you in person, and mention that {friends} came.",
            "Say thank you in person, and mention that {friends} came.",
            len(sender.friends[:FRIENDS_MENTIONED]),
        ).format(friends=_friends(sender, shown=FRIENDS_MENTIONED)),
    )
    return sender.customer_id, action


def _win_back_action(result: ScoreResult, gone: SlippingCustomer) -> tuple[str, Action]:
    if gone.reason == "smaller_basket":
        what = gettext("Ask what is missing; you may find what they now buy elsewhere.")
    elif gone.friends_brought:
        what = gettext("Turn to them in person: who brings friends may also leave with them.")
    else:
        what = gettext("Ask how they are. A small gesture says more than a discount.")
    action = Action(
        kind="win-back",
        tag=gettext("Win back"),
        why=slipping_sentence(result, gone),
        what=what,
    )
    return gone.customer_id, action


def build_thanks(result: ScoreResult) -> Cards:
    """Cards of those who brought others."""
    cards = tuple(_thanks_card(result, sender) for sender in result.thanks[:CARDS])
    return Cards(
        anchor="thank",
        heading=gettext("Who to thank"),
        intro=(
            gettext(
                "They tell others about you. Thanks come before rewards: most people do not send "
                "friends for a discount. Whoever brought most, and is expected to, comes first."
            ),
        )
        if cards
        else (),
        basis=basis(result) if cards else "",
        empty="" if cards else _nobody_to_thank(result),
        cards=cards,
        more=_more_senders(_senders(result) - len(cards)),
    )


def _nobody_to_thank(result: ScoreResult) -> str:
    if result.summary["referrals"]:
        return gettext(
            "The people who bring others will be here, as soon as one of the friends in your "
            "referrals has bought something."
        )
    return gettext(
        "The people who bring others will be here. Ask every new customer “Who sent you?”, "
        "note it in a file with the columns sender_id, friend_id and occurred_at, and name "
        "that file with --referrals."
    )


def _thanks_card(result: ScoreResult, sender: SenderToThank) -> Card:
    details = [
        gettext("The latest: {friend}, on {date}.").format(
            friend=_friends(sender, shown=1), date=date_text(sender.latest_friend_day)
        )
    ]
    if sender.brought_expected > 0:
        details.append(
            gettext("{amount} more is expected in {horizon}.").format(
                amount=money(result, sender.brought_expected), horizon=horizon(result)
            )
        )
    return Card(
        name=person(sender.name, sender.customer_id),
        group=person_in(sender.quadrant),
        colour=QUADRANT_COLOURS[sender.quadrant],
        sentence=_brought_sentence(sender),
        details=tuple(details),
        amount=money(result, sender.brought_to_date),
        amount_label=gettext("brought so far"),
    )


def _brought_sentence(sender: SenderToThank) -> str:
    name = person(sender.name, sender.customer_id)
    brought = sender.friends_brought
    regulars = sender.regulars_brought
    if regulars == 0:
        return ngettext(
            "{name} brought one person.", "{name} brought {count} people.", brought
        ).format(name=name, count=number_text(brought))
    if regulars == brought:
        return ngettext(
            "{name} brought one person, who is now a regular.",
            "{name} brought {count} people; all of them are regulars.",
            brought,
        ).format(name=name, count=number_text(brought))
    return ngettext(
        "{name} brought {brought} people; one is a regular.",
        "{name} brought {brought} people; {count} are regulars.",
        regulars,
    ).format(name=name, brought=number_text(brought), count=number_text(regulars))


def _friends(sender: SenderToThank, *, shown: int) -> str:
    return list_text([person(friend, friend) for friend in sender.friends[:shown]])


def build_win_back(result: ScoreResult) -> Cards:
    """Cards of those who depart from their own rhythm, and why we think so."""
    cards = tuple(_win_back_card(result, gone) for gone in result.slipping[:CARDS])
    return Cards(
        anchor="win-back",
        heading=gettext("Who to win back, and why"),
        intro=(
            gettext(
                "Everybody is measured by their own rhythm: somebody who comes twice a year is "
                "not missing after a month. The ones with most at stake come first."
            ),
        )
        if cards
        else (),
        basis=basis(result) if cards else "",
        empty=""
        if cards
        else gettext(
            "People who stay away longer than they used to will be here, or whose purchases get "
            "smaller. At present there are none."
        ),
        cards=cards,
        more=_more_slipping(len(result.slipping) - len(cards)),
    )


def _win_back_card(result: ScoreResult, gone: SlippingCustomer) -> Card:
    details = []
    if gone.p_alive is not None:
        details.append(
            gettext("Chance of still being a customer: {share}.").format(
                share=percent_text(gone.p_alive)
            )
        )
    if gone.friends_brought:
        details.append(
            ngettext(
                "Has brought one person.", "Has brought {count} people.", gone.friends_brought
            ).format(count=number_text(gone.friends_brought))
        )
    return Card(
        name=person(gone.name, gone.customer_id),
        group=gettext("smaller purchases")
        if gone.reason == "smaller_basket"
        else gettext("stays away"),
        colour="terracotta",
        sentence=slipping_sentence(result, gone),
        details=tuple(details),
        amount=money(result, gone.value_at_stake),
        amount_label=gettext("at stake in {horizon}").format(horizon=stake_horizon(result)),
    )


def slipping_sentence(result: ScoreResult, gone: SlippingCustomer) -> str:
    """Why somebody seems to be leaving: "Ana came every 9 days and has not been here for 31."."""
    name = person(gone.name, gone.customer_id)
    if gone.reason == "smaller_basket":
        return gettext("{name} used to spend {before} at a time; lately it is {now}.").format(
            name=name, before=money(result, gone.basket_before), now=money(result, gone.basket_now)
        )
    if gone.usual_gap_days < DAILY_BELOW_DAYS:
        return ngettext(
            "{name} came almost every day and has not been here for one.",
            "{name} came almost every day and has not been here for {count}.",
            gone.silent_days,
        ).format(name=name, count=number_text(gone.silent_days))
    return gettext("{name} came every {gap} days and has not been here for {silent}.").format(
        name=name, gap=number_text(gone.usual_gap_days), silent=number_text(gone.silent_days)
    )


def _senders(result: ScoreResult) -> int:
    """How many have brought somebody; the list of those to thank holds only the first."""
    friends = column(result, "friends")
    known = 0 if friends is None else int((friends > 0).sum())
    return max(known, len(result.thanks))


def _more_senders(count: int) -> str:
    if count <= 0:
        return ""
    return ngettext(
        "One more has brought somebody.", "{count} more have brought somebody.", count
    ).format(count=number_text(count))


def _more_slipping(count: int) -> str:
    if count <= 0:
        return ""
    return ngettext("One more is slipping away.", "{count} more are slipping away.", count).format(
        count=number_text(count)
    )
