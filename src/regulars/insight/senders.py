"""Senders: what every person is worth by whom they bring.

Brings customers and the people of the referral file under one numbering, hands what is known of
them to ``sender``, and says whom to thank.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from regulars.insight.arrays import FloatArray, IntArray
from regulars.insight.result import ReferralLink, SenderToThank
from regulars.insight.sender.claims import Referrals, resolve_claims
from regulars.insight.sender.exposure import window_left_weeks
from regulars.insight.sender.tree import NO_DAY, NOBODY
from regulars.insight.sender.value import SenderInputs, SenderValues, sender_values
from regulars.insight.settings import Settings
from regulars.insight.spenders import Base, Spenders
from regulars.kernel.clock import DAYS_PER_WEEK, continuous_weekly_rate, day_of, epoch_day

THANKED = 200
FRIENDS_NAMED = 5
LINKS_DRAWN = 500
REGULAR_FROM_DAYS = 3


@dataclass(frozen=True)
class People:
    """Customers first, in the summary's order, then those whom only the referrals name.

    Attributes:
        ids: Of n people.
        names: Where known, else null.
        customers: How many of them have purchases.
    """

    ids: pa.Array
    names: pa.Array
    customers: int

    def __len__(self) -> int:
        return len(self.ids)

    def with_others(self, values: FloatArray, other: float) -> FloatArray:
        """Values of the customers, followed by ``other`` for everybody else."""
        return np.concatenate([values, np.full(len(self) - self.customers, other)])

    def name(self, person: int) -> str | None:
        """Somebody's name, or None where none is known."""
        found: str | None = self.names[int(person)].as_py()
        return found

    def called(self, person: int) -> str:
        """Somebody's name, or their id where none is known."""
        return self.name(person) or str(self.ids[int(person)].as_py())


@dataclass(frozen=True)
class Senders:
    """Who brought whom, and what each is worth by it.

    Attributes:
        people: Customers and others.
        referrals: The claims that stand.
        values: The columns of sender value, over ``people``.
    """

    people: People
    referrals: Referrals
    values: SenderValues


def people_of(customers: pa.Table, claims: pa.Table) -> tuple[People, IntArray, IntArray]:
    """Number the people of both files.

    Args:
        customers: The summary's table.
        claims: ``sender_id, friend_id, day``.

    Returns:
        The people, and the claims' senders and friends as numbers of people, shape (m,) each.
    """
    known = customers.column("customer_id").combine_chunks()
    named = pa.chunked_array(
        [*claims.column("sender_id").chunks, *claims.column("friend_id").chunks], pa.string()
    )
    others = pc.unique(named.filter(pc.invert(pc.is_in(named, value_set=known))))
    others = others.take(pc.sort_indices(others))
    ids = pa.concat_arrays([known, others])
    names = customers.column("customer_name").combine_chunks()
    people = People(ids, pa.concat_arrays([names, pa.nulls(len(others), pa.string())]), len(known))
    codes = pc.index_in(named, value_set=ids).to_numpy().astype(np.int64, copy=False)
    return people, codes[: len(claims)], codes[len(claims) :]


def value_senders(
    base: Base,
    customers: pa.Table,
    claims: pa.Table,
    settings: Settings,
    *,
    spenders: Spenders | None,
    value_between: Callable[[pa.Table], pa.Table],
    minor_per_major: float,
) -> Senders:
    """Resolve the claims and value everybody as a sender.

    Args:
        base: The customers' arrays.
        customers: The summary's table, in the same order.
        claims: ``sender_id, friend_id, day`` as read.
        settings: What to assume.
        spenders: What the models say, or None where there is too little for models; only what
            came to date is counted then.
        value_between: Gives what customers brought from a day to another.
        minor_per_major: Minor units in a major one.
    """
    people, sender, friend = people_of(customers, claims)
    first_day = np.concatenate([base.first_day, np.full(len(people) - people.customers, NO_DAY)])
    day = claims.column("day").to_numpy().astype(np.int64)
    referrals = resolve_claims(sender, friend, day, first_day=first_day)
    alive = base.t_x_days / DAYS_PER_WEEK
    nothing = np.zeros(len(people))
    # Without models nothing is expected, and people were customers from first to last purchase.
    inputs = SenderInputs(
        referrals=referrals,
        first_day=first_day,
        margin_to_date=people.with_others(base.margin_to_date, 0.0),
        margin_in_window=_margin_in_window(
            base, people, referrals, settings, value_between, minor_per_major
        ),
        clv=nothing,
        clv_in_window=nothing,
        clv_variance=None,
        alive_weeks=people.with_others(alive, float(alive.mean())),
        alive_weeks_ahead=nothing,
    )
    if spenders is not None:
        inputs = _with_models(inputs, base, people, settings, spenders)
    return Senders(people, referrals, sender_values(inputs, settings))


def _with_models(
    inputs: SenderInputs, base: Base, people: People, settings: Settings, spenders: Spenders
) -> SenderInputs:
    """What the models expect; those without purchases send for as long as the average customer."""
    histories, alive = base.histories, spenders.alive_model
    so_far = alive.alive_weeks(histories)
    ahead = alive.alive_weeks_ahead(histories, settings.horizon_weeks)
    left = window_left_weeks(
        inputs.referrals.since_day[: people.customers],
        until_day=epoch_day(settings.until),
        window_weeks=settings.window_weeks,
        horizon_weeks=settings.horizon_weeks,
    )
    sent = np.flatnonzero(left > 0)
    in_window = np.zeros(people.customers)
    if len(sent):
        rate = continuous_weekly_rate(settings.discount_yearly)
        purchases = spenders.model.discounted(histories.take(sent), left[sent], rate)
        in_window[sent] = purchases * spenders.value.expected_spend[sent] * base.margin_share[sent]
    return replace(
        inputs,
        clv=people.with_others(spenders.value.clv, 0.0),
        clv_in_window=people.with_others(in_window, 0.0),
        clv_variance=people.with_others(spenders.value.clv_variance, 0.0),
        alive_weeks=people.with_others(so_far, float(so_far.mean())),
        alive_weeks_ahead=people.with_others(ahead, float(ahead.mean())),
        p_alive=people.with_others(spenders.p_alive, 0.0),
    )


def _margin_in_window(
    base: Base,
    people: People,
    referrals: Referrals,
    settings: Settings,
    value_between: Callable[[pa.Table], pa.Table],
    minor_per_major: float,
) -> FloatArray:
    """What every friend brought within the window after they were sent."""
    since = referrals.since_day[: people.customers]
    sent = np.flatnonzero(referrals.parent[: people.customers] != NOBODY)
    margin = np.zeros(len(people))
    if not len(sent):
        return margin
    last = since[sent] + round(settings.window_weeks * DAYS_PER_WEEK) - 1
    windows = pa.table(
        {
            "customer_id": people.ids.take(pa.array(sent)),
            "from_day": pa.array(since[sent], pa.int32()),
            "to_day": pa.array(np.minimum(last, epoch_day(settings.until)), pa.int32()),
        }
    )
    found = value_between(windows)
    rows = pc.index_in(found.column("customer_id"), value_set=people.ids).to_numpy()
    rows = rows.astype(np.int64)
    net = found.column("net_minor").to_numpy() / minor_per_major
    if settings.margin_from_file:
        unknown = net - found.column("margin_base_minor").to_numpy() / minor_per_major
        known = found.column("margin_minor").to_numpy() / minor_per_major
        margin[rows] = known + unknown * base.margin_share[rows]
    else:
        margin[rows] = net * settings.margin
    return margin


def people_to_thank(
    senders: Senders, base: Base, quadrants: list[str], *, spenders: Spenders | None
) -> tuple[SenderToThank, ...]:
    """Those who brought most to date and are expected to, most first.

    Args:
        senders: Who brought whom.
        base: The customers' arrays.
        quadrants: Of everybody, by name.
        spenders: What the models say, if they do.
    """
    people, values = senders.people, senders.values
    bringing = np.flatnonzero(values.friends > 0)
    best = bringing[np.argsort(-values.sender_value[bringing], kind="stable")][:THANKED]
    friends = _customers_brought(senders, best)
    thanks = []
    for sender in best:
        brought = friends[int(sender)]
        clv = float(spenders.value.clv[brought].sum()) if spenders else 0.0
        thanks.append(
            SenderToThank(
                customer_id=str(people.ids[int(sender)].as_py()),
                name=people.name(sender),
                friends=tuple(people.called(friend) for friend in brought[:FRIENDS_NAMED]),
                friends_brought=len(brought),
                regulars_brought=int((base.x[brought] + 1 >= REGULAR_FROM_DAYS).sum()),
                brought_to_date=float(base.margin_to_date[brought].sum()),
                brought_expected=clv,
                latest_friend_day=day_of(int(senders.referrals.since_day[brought[0]])),
                quadrant=quadrants[int(sender)],
            )
        )
    return tuple(thanks)


def _customers_brought(senders: Senders, chosen: IntArray) -> dict[int, IntArray]:
    """The friends of each chosen sender who became customers, the latest first."""
    parent = senders.referrals.parent[: senders.people.customers]
    since = senders.referrals.since_day[: senders.people.customers]
    friends = np.flatnonzero(np.isin(parent, chosen))
    friends = friends[np.lexsort((-since[friends], parent[friends]))]
    starts = np.searchsorted(parent[friends], chosen, side="left")
    ends = np.searchsorted(parent[friends], chosen, side="right")
    return {
        int(sender): friends[start:end]
        for sender, start, end in zip(chosen, starts, ends, strict=True)
    }


def first_links(senders: Senders) -> tuple[ReferralLink, ...]:
    """The first referrals in time order, as many as can be drawn."""
    parent, since = senders.referrals.parent, senders.referrals.since_day
    sent = np.flatnonzero(parent != NOBODY)
    earliest = sent[np.lexsort((sent, since[sent]))][:LINKS_DRAWN]
    people = senders.people
    return tuple(
        ReferralLink(
            sender_id=str(people.ids[int(parent[friend])].as_py()),
            sender_name=people.name(parent[friend]),
            friend_id=str(people.ids[int(friend)].as_py()),
            friend_name=people.name(friend),
        )
        for friend in earliest
    )
