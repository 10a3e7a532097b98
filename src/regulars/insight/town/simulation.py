"""The town as files: what the café knows, and apart from it the truth."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute
import pyarrow.csv

from regulars.insight.arrays import BoolArray, FloatArray, IntArray
from regulars.insight.errors import NotFromARun
from regulars.insight.output import staged
from regulars.insight.sender.tree import NOBODY
from regulars.insight.town.names import names_for
from regulars.insight.town.notebook import Notebook, write_down
from regulars.insight.town.people import Townspeople, settle
from regulars.insight.town.till import Lines, mean_spends, ring_up
from regulars.kernel.clock import DAYS_PER_WEEK, epoch_day
from regulars.kernel.language import gettext
from regulars.kernel.progress import Progress, unheard

TODAY = date(2026, 6, 30)
WEEKS_AHEAD = 52
OPENS_SECOND = 7 * 3600
OPEN_SECONDS = 11 * 3600
SECONDS_A_DAY = 86_400
CURRENCY = "EUR"
UNRECORDED_SHARE = 0.2
WRONG_SHARE = 0.05
FILES = ("purchases.csv", "referrals.csv", "truth.csv")
TRUTH_HEADER = (
    '"customer_id","customer_name","sender_id","recorded","recorded_sender_id","came_anyway",'
    '"alive_today","purchase_rate_per_week","mean_spend","sending_rate_per_week","friends_to_date",'
    '"value_to_date","value_ahead","brought_to_date","brought_ahead","sender_value"'
)


@dataclass(frozen=True)
class Town:
    """What happened in a town up to today, as the café's files hold it, and the truth.

    Attributes:
        purchases: ``customer_id, customer_name, occurred_at, order_id, amount, currency,
            refund_of``; one row a line, in time order.
        referrals: ``sender_id, friend_id, occurred_at``; the claims that were recorded.
        truth: One row for each person whom a file names; columns in ``docs/algorithms/town.md``.
    """

    purchases: pa.Table
    referrals: pa.Table
    truth: pa.Table


def simulate_town(
    seed: int,
    customers: int,
    *,
    weeks: int = 104,
    today: date = TODAY,
    unrecorded_share: float = UNRECORDED_SHARE,
    wrong_share: float = WRONG_SHARE,
    progress: Progress = unheard,
) -> Town:
    """A town whose people buy, lapse, return things and tell one another.

    The same arguments give the same town. The café opens ``weeks`` before ``today``; the truth
    looks 52 weeks further, and nothing of that is in the files.

    Args:
        seed: Any number from 0 on.
        customers: How many people have bought by today, give or take the friends of the last.
        weeks: From the café's first day to the end of today, at least 1.
        today: The last day of the files.
        unrecorded_share: Share of the referrals that nobody wrote down, 0 to 1.
        wrong_share: Share of the recorded ones that name another sender, 0 to 1.
        progress: Told of each stage.

    Raises:
        ValueError: ``customers`` or ``weeks`` is below 1, or a share is not between 0 and 1.
    """
    _check_asked(customers, weeks, unrecorded_share=unrecorded_share, wrong_share=wrong_share)
    days, days_ahead = weeks * DAYS_PER_WEEK, WEEKS_AHEAD * DAYS_PER_WEEK
    streams = [np.random.default_rng([seed, stage]) for stage in range(5)]
    progress(gettext("Peopling the town"), 0.0)
    people = settle(streams[0], customers=customers, days=days, days_ahead=days_ahead)
    progress(gettext("Ringing up what they buy"), 0.2)
    mean_spend = mean_spends(streams[1], len(people))
    lines = ring_up(streams[2], people, mean_spend, end_day=days + days_ahead)
    notebook = write_down(
        streams[3],
        people,
        days=days,
        unrecorded_share=unrecorded_share,
        wrong_share=wrong_share,
    )
    progress(gettext("Filling the café's books"), 0.5)
    named = np.flatnonzero((people.first_day < days) | (people.told_day < days))
    ids = pa.array([f"C{number:06d}" for number in range(1, len(people) + 1)])
    names = pa.array(names_for(streams[4], len(people)))
    first_epoch_day = epoch_day(today) - days + 1
    town = Town(
        purchases=_purchases(lines, ids, names, days=days, first_epoch_day=first_epoch_day),
        referrals=_referrals(notebook, ids, first_epoch_day=first_epoch_day),
        truth=_truth(
            people, lines, notebook, mean_spend, ids=ids, names=names, rows=named, days=days
        ),
    )
    progress(gettext("Filling the café's books"), 1.0)
    return town


def _check_asked(
    customers: int, weeks: int, *, unrecorded_share: float, wrong_share: float
) -> None:
    """See that a town can be like that; see `simulate_town`.

    Raises:
        ValueError: It can't.
    """
    if customers < 1 or weeks < 1:
        msg = f"a town needs at least one customer and one week, not {customers} and {weeks}"
        raise ValueError(msg)
    if not (0 <= unrecorded_share <= 1 and 0 <= wrong_share <= 1):
        msg = f"shares are between 0 and 1, not {unrecorded_share} and {wrong_share}"
        raise ValueError(msg)


def write_town(town: Town, folder: Path) -> None:
    """Write ``purchases.csv``, ``referrals.csv`` and ``truth.csv`` into a folder, made if need be.

    Args:
        town: The town.
        folder: Where to; files of these names are replaced.

    Raises:
        CannotWrite: The folder can't be written to; nothing has appeared then.
        NotFromARun: A file of that name is there, and no town's truth beside it.
    """
    check_town(folder)
    with staged(folder) as stage:
        for name in FILES:
            pyarrow.csv.write_csv(getattr(town, Path(name).stem), stage / name)


def check_town(folder: Path) -> None:
    """See that no file would be lost but those of an earlier town.

    Raises:
        NotFromARun: A file of that name is there, and no town's truth beside it.
    """
    truth = folder / "truth.csv"
    try:
        with truth.open(encoding="utf-8") as stream:
            is_town = stream.readline().strip() == TRUTH_HEADER
    except (OSError, UnicodeError):
        is_town = False
    for name in () if is_town else FILES:
        if (folder / name).exists():
            raise NotFromARun(path=folder / name)


def _purchases(
    lines: Lines, ids: pa.Array, names: pa.Array, *, days: int, first_epoch_day: int
) -> pa.Table:
    """The café's own file: lines up to today, in time order."""
    rows = np.flatnonzero(lines.day < days)
    person, refund = lines.person[rows], lines.is_refund[rows]
    # An order's number counts all orders in time, so the numbers of the files have no gaps.
    numbers = np.char.mod("%07d", np.arange(lines.order[rows].max(initial=-1) + 1))
    purchase_ids = pa.array(np.char.add("A", numbers)).take(pa.array(lines.order[rows]))
    refund_ids = pa.array(np.char.add("R", numbers)).take(pa.array(lines.order[rows]))
    return pa.table(
        {
            "customer_id": ids.take(pa.array(person)),
            "customer_name": names.take(pa.array(person)),
            "occurred_at": _opening_hours(lines.day[rows], first_epoch_day),
            "order_id": pa.compute.if_else(pa.array(refund), refund_ids, purchase_ids),
            "amount": _money(lines.amount_minor[rows]),
            "currency": pa.array(np.full(len(rows), CURRENCY)),
            "refund_of": pa.compute.if_else(
                pa.array(lines.names_its_order[rows]), purchase_ids, pa.scalar(None, pa.string())
            ),
        }
    )


def _referrals(notebook: Notebook, ids: pa.Array, *, first_epoch_day: int) -> pa.Table:
    """The café's notebook of who sent whom."""
    return pa.table(
        {
            "sender_id": ids.take(pa.array(notebook.sender)),
            "friend_id": ids.take(pa.array(notebook.friend)),
            "occurred_at": _opening_hours(notebook.day, first_epoch_day),
        }
    )


def _truth(
    people: Townspeople,
    lines: Lines,
    notebook: Notebook,
    mean_spend: FloatArray,
    *,
    ids: pa.Array,
    names: pa.Array,
    rows: IntArray,
    days: int,
) -> pa.Table:
    """What nobody in the café can know."""
    count = len(people)
    to_date = lines.day < days

    def value_of(lines_meant: BoolArray) -> IntArray:
        weights = lines.amount_minor * lines_meant
        return np.rint(np.bincount(lines.person, weights, count)).astype(np.int64)

    def brought(value: IntArray) -> IntArray:
        sent = people.sender != NOBODY
        total = np.bincount(people.sender[sent], value[sent], count)
        return np.rint(total).astype(np.int64)

    value_to_date, value_ahead = value_of(to_date), value_of(~to_date)
    brought_to_date, brought_ahead = brought(value_to_date), brought(value_ahead)
    come = (people.sender != NOBODY) & (people.first_day < days)
    friends_to_date = np.bincount(people.sender[come], minlength=count)
    was_sent = people.sender[rows] != NOBODY
    recorded = notebook.recorded_sender[rows]

    def told_of(sender: IntArray) -> pa.Array:
        named = ids.take(pa.array(np.maximum(sender, 0)))
        return pa.compute.if_else(pa.array(sender != NOBODY), named, pa.scalar(None, pa.string()))

    return pa.table(
        {
            "customer_id": ids.take(pa.array(rows)),
            "customer_name": names.take(pa.array(rows)),
            "sender_id": told_of(people.sender[rows]),
            "recorded": pa.array(recorded != NOBODY),
            "recorded_sender_id": told_of(recorded),
            "came_anyway": pa.array(people.came_anyway[rows], mask=~was_sent),
            "alive_today": pa.array(
                (people.first_day[rows] < days) & (people.last_day[rows] >= days)
            ),
            "purchase_rate_per_week": pa.array(people.visits_per_week[rows]),
            "mean_spend": pa.array(mean_spend[rows]),
            "sending_rate_per_week": pa.array(people.sending_per_week[rows]),
            "friends_to_date": pa.array(friends_to_date[rows]),
            "value_to_date": _money(value_to_date[rows]),
            "value_ahead": _money(value_ahead[rows]),
            "brought_to_date": _money(brought_to_date[rows]),
            "brought_ahead": _money(brought_ahead[rows]),
            "sender_value": _money((brought_to_date + brought_ahead)[rows]),
        }
    )


def _opening_hours(day: FloatArray, first_epoch_day: int) -> pa.Array:
    """Days as local timestamps while the café is open, to the second."""
    whole = np.floor(day)
    second = OPENS_SECOND + np.floor((day - whole) * OPEN_SECONDS)
    return pa.array(
        ((whole + first_epoch_day) * SECONDS_A_DAY + second).astype(np.int64), pa.timestamp("s")
    )


def _money(amount_minor: IntArray) -> pa.Array:
    """Minor units as exact decimals with two digits: 1250 is 12.50."""
    words = np.stack([amount_minor, amount_minor >> 63], axis=1).astype("<i8")  # 128-bit integers
    buffer = pa.py_buffer(np.ascontiguousarray(words))
    return pa.Array.from_buffers(pa.decimal128(14, 2), len(amount_minor), [None, buffer])
