"""Sender value of a million people from five million claims, beside python-igraph.

The yardstick does with igraph what one would: the graph of all claims, its topological order, and
in that order one fold in Python: each friend's earliest valid claim, then every column from
the friends up. It is spared the rate of sending (ours is given to it), the intervals and the
reasons of claims set aside. ``columns`` is the part after the claims are settled, for
both from the same referrals.
"""

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import igraph
import numpy as np

from benches.measure import BUILD, Measure, against, interleaved, tell
from regulars.insight.sender.claims import Referrals, resolve_claims
from regulars.insight.sender.rate import SHORTEST_EXPOSURE_WEEKS, fit_sending_rate
from regulars.insight.sender.tree import NOBODY, Tree
from regulars.insight.sender.value import SenderInputs, sender_values, value_of_new_friend
from regulars.insight.settings import Settings
from regulars.kernel.clock import epoch_day

PEOPLE = 1_000_000
CLAIMS = 5_000_000
WEEKS = 104
CONSERVED = 1e-9
SETTINGS = Settings(until=date(2026, 6, 30), acquisition_cost=5.0)
FILE = BUILD / "sender_value.npz"

Loaded = dict[str, Any]


def run(runs: int) -> dict[str, Measure]:
    """Both by turns in fresh processes; fails where they disagree or value is not conserved.

    Args:
        runs: How often each.
    """
    prepare(FILE)
    module = "benches.sender_value"
    whole = interleaved({"ours": (module, "ours"), "igraph": (module, "yardstick")}, runs)
    part = interleaved(
        {"ours": (module, "ours_columns"), "igraph": (module, "yardstick_columns")}, runs
    )
    for ours, theirs in zip(whole["ours"], whole["igraph"], strict=True):
        for column, total in theirs.told["totals"].items():
            if not np.isclose(ours.told["totals"][column], total, rtol=CONSERVED):
                sys.exit(f"sender-value: {column} is {ours.told['totals'][column]}, not {total}")
        if ours.told["lost"] > CONSERVED:
            sys.exit(f"sender-value: {ours.told['lost']} of the value was lost on the way")
    name = f"igraph {igraph.__version__}"
    return {
        "wall": against(whole["ours"], whole["igraph"], "seconds", "s", name),
        "columns": against(part["ours"], part["igraph"], "seconds", "s", name),
        "memory": against(whole["ours"], whole["igraph"], "memory", "MiB", name),
    }


def prepare(file: Path) -> None:
    """A million people over two years, each claimed about five times by people who came before.

    Args:
        file: Where the arrays are kept for the child processes.
    """
    rng = np.random.default_rng(2026)
    until = epoch_day(SETTINGS.until)
    first_day = until - np.sort(rng.integers(0, WEEKS * 7, PEOPLE))[::-1]
    rng.shuffle(first_day)
    in_order = np.argsort(first_day, kind="stable")
    place = np.empty(PEOPLE, np.int64)
    place[in_order] = np.arange(PEOPLE)
    friend = in_order[rng.integers(1, PEOPLE, CLAIMS)]  # the very first has nobody before
    earlier = (rng.random(CLAIMS) * place[friend]).astype(np.int64)
    age_weeks = (until - first_day) / 7
    margin = rng.gamma(1.0, 100.0, PEOPLE)
    clv = rng.gamma(0.5, 100.0, PEOPLE)
    p_alive = rng.random(PEOPLE)
    file.parent.mkdir(parents=True, exist_ok=True)
    np.savez(
        file,
        sender=in_order[earlier],
        friend=friend,
        day=first_day[friend] - rng.integers(-5, 20, CLAIMS),
        first_day=first_day,
        margin_to_date=margin,
        margin_in_window=margin * rng.random(PEOPLE),
        clv=clv,
        clv_in_window=clv * rng.random(PEOPLE),
        clv_variance=clv**2,
        p_alive=p_alive,
        alive_weeks=age_weeks * (1 + p_alive) / 2,
        alive_weeks_ahead=p_alive * 40,
    )


def ours(data: Loaded) -> dict[str, Any]:
    """Claims to columns."""
    return ours_columns(data, _settled(data))


def ours_columns(data: Loaded, referrals: Referrals) -> dict[str, Any]:
    """Referrals to columns, the tree included."""
    inputs = _inputs(data, referrals)
    values = sender_values(inputs, SETTINGS)
    columns = ("crv_realised", "crv_expected", "cascade_realised", "cascade_expected")
    total = float(inputs.clv.sum())
    return {
        "totals": {
            name: float(getattr(values, name).sum())
            for name in (*columns, "engagement_share", "expected_referrals", "sender_value")
        },
        "lost": abs(float(values.engagement_share.sum()) - total) / total,
    }


def yardstick(data: Loaded, rate: tuple[float, float, float]) -> dict[str, Any]:
    """Claims to columns, with igraph's topological order and one pass in Python."""
    claims = list(zip(data["sender"].tolist(), data["friend"].tolist(), strict=True))
    graph = igraph.Graph(n=PEOPLE, edges=claims, directed=True)
    order = graph.topological_sorting()
    day, first_day = data["day"].tolist(), data["first_day"].tolist()
    parent = [NOBODY] * PEOPLE
    for person in order:
        earliest = None
        for claim in graph.incident(person, mode="in"):
            when = day[claim], claims[claim][0]
            if when[0] <= first_day[person] and (earliest is None or when < earliest):
                earliest = when
        if earliest is not None:
            parent[person] = earliest[1]
    return _python_columns(data, order, parent, rate)


def yardstick_columns(
    data: Loaded, referrals: Referrals, rate: tuple[float, float, float]
) -> dict[str, Any]:
    """Referrals to columns, with igraph's topological order and one pass in Python."""
    parent = referrals.parent.tolist()
    edges = [(sender, friend) for friend, sender in enumerate(parent) if sender != NOBODY]
    order = igraph.Graph(n=PEOPLE, edges=edges, directed=True).topological_sorting()
    return _python_columns(data, order, parent, rate)


def _python_columns(
    data: Loaded, order: list[int], parent: list[int], rate: tuple[float, float, float]
) -> dict[str, Any]:
    clv, margin = data["clv"].tolist(), data["margin_to_date"].tolist()
    pot, realised = clv[:], data["margin_in_window"].tolist()
    expected = data["clv_in_window"].tolist()
    cascade_realised, cascade_expected = [0.0] * PEOPLE, [0.0] * PEOPLE
    to_date, known, friends = [0.0] * PEOPLE, [0.0] * PEOPLE, [0] * PEOPLE
    decay = SETTINGS.decay
    for person in reversed(order):
        above = parent[person]
        if above != NOBODY:
            pot[above] += decay * pot[person]
            cascade_realised[above] += realised[person]
            cascade_expected[above] += expected[person]
            realised[above] += decay * realised[person]
            expected[above] += decay * expected[person]
            to_date[above] += margin[person]
            known[above] += clv[person]
            friends[above] += 1
    shape, scale, new_friend = rate
    beyond, cost = 1 - SETTINGS.come_anyway, SETTINGS.acquisition_cost
    weeks, ahead = data["alive_weeks"].tolist(), data["alive_weeks_ahead"].tolist()
    to_come = [
        (shape + count) / (scale + max(so_far, SHORTEST_EXPOSURE_WEEKS)) * left
        for count, so_far, left in zip(friends, weeks, ahead, strict=True)
    ]
    share = [
        own if above == NOBODY else (1 - decay) * own
        for own, above in zip(pot, parent, strict=True)
    ]
    ahead_value = [k + count * new_friend for k, count in zip(known, to_come, strict=True)]
    value = [done + coming for done, coming in zip(to_date, ahead_value, strict=True)]
    crv_realised = [
        beyond * done + cost * count for done, count in zip(to_date, friends, strict=True)
    ]
    crv_expected = [
        beyond * coming + cost * count for coming, count in zip(ahead_value, to_come, strict=True)
    ]
    return {
        "totals": {
            "crv_realised": sum(crv_realised),
            "crv_expected": sum(crv_expected),
            "cascade_realised": sum(cascade_realised),
            "cascade_expected": sum(cascade_expected),
            "engagement_share": sum(share),
            "expected_referrals": sum(to_come),
            "sender_value": sum(value),
        }
    }


def _settled(data: Loaded) -> Referrals:
    return resolve_claims(data["sender"], data["friend"], data["day"], first_day=data["first_day"])


def _inputs(data: Loaded, referrals: Referrals) -> SenderInputs:
    fields = {name: data[name] for name in SenderInputs.__dataclass_fields__ if name in data}
    return SenderInputs(referrals=referrals, **fields)


def _our_rate(data: Loaded, referrals: Referrals) -> tuple[float, float, float]:
    friends = referrals.tree.over_friends(np.ones(PEOPLE)).astype(np.int64)
    rate = fit_sending_rate(friends, data["alive_weeks"])
    new_friend = value_of_new_friend(_inputs(data, referrals), SETTINGS)
    return rate.shape, rate.scale_weeks, new_friend.value


def _without_tree(referrals: Referrals) -> Referrals:
    """A referral's tree is built while claims are settled; here it is part of the work."""
    return Referrals(
        parent=referrals.parent,
        since_day=referrals.since_day,
        reason=referrals.reason,
        set_aside=referrals.set_aside,
        tree=Tree.of(referrals.parent),
    )


def _child(name: str) -> None:
    """One measured run in a process of its own, everything loaded beforehand."""
    with np.load(FILE) as stored:
        data = {key: stored[key] for key in stored.files}
    work: Callable[[], dict[str, Any]]
    if name == "ours":
        work = lambda: ours(data)  # noqa: E731
    else:
        referrals = _settled(data)
        rate = _our_rate(data, referrals)
        work = {
            "ours_columns": lambda: ours_columns(data, _without_tree(referrals)),
            "yardstick": lambda: yardstick(data, rate),
            "yardstick_columns": lambda: yardstick_columns(data, referrals, rate),
        }[name]
    tell(work)


if __name__ == "__main__":
    _child(sys.argv[1])
