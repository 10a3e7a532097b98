"""What a comparison with an earlier run promises."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from regulars.insight.compare import (
    EarlierRun,
    changes,
    changes_summary,
    check_comparable,
    read_earlier,
)
from regulars.insight.errors import NotAnEarlierRun, RunsDiffer
from regulars.insight.output import digest

Edit = Callable[[dict[str, Any]], object]


def summary(**changed: object) -> dict[str, Any]:
    """The part of a summary that a comparison reads."""
    return {
        "as_of": "2026-03-31",
        "currency": "EUR",
        "customers": 3,
        "purchase_model": {"name": "bg-nbd"},
        "settings": {
            "horizon_weeks": 52, "margin": 0.4, "margin_from_file": False, "discount_yearly": 0.1,
            "decay": 0.5,
        },
        "value": {
            "spender_total": 600.0, "sender_total": 60.0,
            "cuts": {"version": 1, "rule": "", "basis": "clv", "clv": 250.0, "sender_value": 20.0},
        },
        **changed,
    }  # fmt: skip


def assuming(**changed: object) -> dict[str, Any]:
    return summary(settings=summary()["settings"] | changed)


def valued(**changed: object) -> dict[str, Any]:
    return summary(value=summary()["value"] | changed)


def scores(*people: tuple[str, int | None, str | None, float | None]) -> pa.Table:
    """Each person's id, repeat purchases (None where they never bought), quadrant and value."""
    ids, x, quadrant, clv = (list(column) for column in zip(*people, strict=True))
    return pa.table(
        {
            "customer_id": pa.array(ids, pa.string()),
            "customer_name": pa.array(ids, pa.string()),
            "x": pa.array(x, pa.int64()),
            "quadrant": pa.array(quadrant, pa.string()),
            "clv": pa.array(clv, pa.float64()),
        }
    )


BEFORE = scores(
    ("Ana", 4, "other", 200.0), ("Ben", 2, "affluent", 300.0), ("Cem", 1, "other", 100.0)
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of an earlier run."""
    pq.write_table(BEFORE, tmp_path / "scores.parquet")
    told = summary(scores_sha256=digest(tmp_path / "scores.parquet"))
    (tmp_path / "summary.json").write_text(json.dumps(told))
    return tmp_path


def test_who_moved_rose_fell_came_and_went_is_told() -> None:
    now = scores(
        ("Ana", 9, "affluent", 290.0), ("Ben", 2, "affluent", 250.0), ("Dua", 0, "other", 50.0)
    )
    found = changes(EarlierRun(summary(), BEFORE), summary(customers=3), now)
    moved = {(one.before, one.after): one.customers for one in found.movements}
    assert moved == {("other", "affluent"): 1, ("other", "gone"): 1, ("new", "other"): 1}
    assert [(one.customer_id, one.clv_before, one.clv_now) for one in found.risen] == [
        ("Ana", 200, 290)
    ]
    assert [one.customer_id for one in found.fallen] == ["Ben"]


def test_whom_only_the_referrals_name_is_neither_new_nor_gone_nor_fallen() -> None:
    before = scores(("Ana", 4, "other", 200.0), ("Zoe", None, "other", 0.0))
    now = scores(
        ("Ana", 4, "other", 200.0), ("Yak", None, "advocate", 0.0), ("Zoe", 0, "other", 9.0)
    )
    found = changes(EarlierRun(summary(), before), summary(), now)
    assert [(one.before, one.after, one.customers) for one in found.movements] == [
        ("new", "other", 1)  # Zoe, who has now bought
    ]
    assert found.risen == ()
    assert found.fallen == ()


@pytest.mark.parametrize("low", ["before", "now", "both"])
def test_a_run_below_the_rung_of_models_can_be_compared(low: str) -> None:
    forecast, none = summary(), valued(spender_total=None, sender_total=None, cuts=None)
    none |= {"purchase_model": None}
    then, today = (none if low in (which, "both") else forecast for which in ("before", "now"))
    found = changes(EarlierRun(then, BEFORE), today, BEFORE)
    assert found.spender_total_before == (None if low in ("before", "both") else 600)
    assert found.spender_total_now == (None if low in ("now", "both") else 600)
    assert found.movements == ()


@pytest.mark.parametrize("cuts", [None, {**summary()["value"]["cuts"], "basis": "margin_to_date"}])
def test_nobody_moves_between_quadrants_that_were_cut_otherwise(
    cuts: dict[str, object] | None,
) -> None:
    now = scores(("Ana", 4, "champion", 200.0), ("Dua", 0, "other", 50.0))
    for then, today in ((summary(), valued(cuts=cuts)), (valued(cuts=cuts), summary())):
        assert changes(EarlierRun(then, BEFORE), today, now).movements == ()


@pytest.mark.parametrize(
    ("now", "differs"),
    [
        (summary(), ()),
        (assuming(horizon_weeks=26), ("horizon_weeks",)),
        (assuming(margin=0.5), ("margin",)),
        (assuming(margin_from_file=True), ("margin",)),
        (assuming(discount_yearly=0.2, decay=0.1), ("discount_yearly", "decay")),
        (summary(purchase_model={"name": "pareto-nbd"}), ("model",)),
        (summary(purchase_model=None), ()),
    ],
)
def test_assumptions_that_differ_are_named(now: dict[str, Any], differs: tuple[str, ...]) -> None:
    found = changes(EarlierRun(summary(), BEFORE), now, BEFORE)
    assert found.assumptions_differ == differs


@pytest.mark.parametrize("currency", ["USD", None])
def test_another_currency_is_refused(currency: str | None) -> None:
    with pytest.raises(RunsDiffer, match="counts in EUR, this one in"):
        check_comparable(EarlierRun(summary(), BEFORE), as_of=date(2026, 6, 30), currency=currency)


def test_an_earlier_run_is_not_of_a_later_day() -> None:
    earlier = EarlierRun(summary(), BEFORE)
    check_comparable(earlier, as_of=date(2026, 3, 31), currency="EUR")
    with pytest.raises(RunsDiffer, match="31 March 2026, which is later than 30 March 2026"):
        check_comparable(earlier, as_of=date(2026, 3, 30), currency="EUR")


def test_a_run_is_read_back_as_it_was_written(folder: Path) -> None:
    earlier = read_earlier(folder)
    assert earlier.as_of == date(2026, 3, 31)
    assert earlier.scores.column("clv").to_pylist() == [200.0, 300.0, 100.0]


EDITS: dict[str, Edit] = {
    **{f"no {key}": lambda told, key=key: told.pop(key) for key in summary()},
    **{
        f"no setting {key}": lambda told, key=key: told["settings"].pop(key)
        for key in summary()["settings"]
    },
    **{f"no {key} of value": lambda told, key=key: told["value"].pop(key) for key in summary()["value"]},
    "cuts without a basis": lambda told: told["value"]["cuts"].pop("basis"),
    "a word for a total": lambda told: told["value"].update(spender_total="much"),
    "a total that is no number": lambda told: told["value"].update(spender_total=float("nan")),
    "a word for a cut": lambda told: told["value"]["cuts"].update(clv="high"),
    "a word for the cuts": lambda told: told["value"].update(cuts="high"),
    "a model without a name": lambda told: told.update(purchase_model={}),
    "a number for the currency": lambda told: told.update(currency=978),
    "no such day": lambda told: told.update(as_of="2026-02-30"),
    "another digest": lambda told: told.update(scores_sha256="0" * 64),
}  # fmt: skip


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_an_edited_summary_is_not_an_earlier_run(folder: Path, edit: Edit) -> None:
    told = json.loads((folder / "summary.json").read_text())
    edit(told)
    (folder / "summary.json").write_text(json.dumps(told))
    with pytest.raises(NotAnEarlierRun):
        read_earlier(folder)


@pytest.mark.parametrize(
    "other",
    [
        BEFORE.drop_columns(["x"]),
        BEFORE.set_column(4, "clv", pa.array(["a", "b", "c"])),
        BEFORE.set_column(4, "clv", pa.array([[1.0], [2.0], [3.0]])),
        BEFORE.set_column(3, "quadrant", pa.array(["regular", "other", "other"])),
    ],
    ids=["without purchases", "words for values", "lists for values", "another group"],
)
def test_scores_of_another_kind_are_not_an_earlier_run(folder: Path, other: pa.Table) -> None:
    pq.write_table(other, folder / "scores.parquet")
    told = summary(scores_sha256=digest(folder / "scores.parquet"))
    (folder / "summary.json").write_text(json.dumps(told))
    with pytest.raises(NotAnEarlierRun):
        read_earlier(folder)


def test_the_summary_tells_the_changes() -> None:
    now = scores(("Ana", 9, "affluent", 290.0))
    told = changes_summary(changes(EarlierRun(summary(), BEFORE), assuming(margin=1), now))
    assert told is not None
    assert json.loads(json.dumps(told)) == {
        "earlier_as_of": "2026-03-31",
        "assumptions_differ": ["margin"],
        "customers_before": 3,
        "customers_now": 3,
        "spender_total_before": 600.0,
        "spender_total_now": 600.0,
        "sender_total_before": 60.0,
        "sender_total_now": 60.0,
        "movements": [
            {"before": "affluent", "after": "gone", "customers": 1},
            {"before": "other", "after": "affluent", "customers": 1},
            {"before": "other", "after": "gone", "customers": 1},
        ],
        "risen": [
            {"customer_id": "Ana", "customer_name": "Ana", "clv_before": 200.0, "clv_now": 290.0}
        ],
        "fallen": [],
    }
    assert changes_summary(None) is None
