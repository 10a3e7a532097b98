"""A real shop's file, taken in whole, gives the scores that it gives by itself."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from regulars.insight import ScoreRequest, Source, score
from regulars.intake.files import ground, import_purchases
from regulars.kernel.actor import Actor
from regulars.people.models import Identity
from regulars.people.services import found_business
from regulars.scoring.models import Run, Score
from regulars.scoring.services import run_scoring

pytestmark = [pytest.mark.proof, pytest.mark.django_db(transaction=True)]

NOW = datetime(2026, 6, 30, 9, tzinfo=UTC)
UNTIL = date(2011, 6, 10)
BY_COMMAND = Actor("command", "import")
SAME = {"repeats": "x", "r": "r", "f": "f", "v": "v", "p_alive": "p_alive"}


def test_online_retail_imports_whole_and_gives_the_scores_of_its_file(
    data_file: Callable[[str], Path], tmp_path: Path, settings: Any
) -> None:
    settings.HOME = tmp_path / "home"
    found_business(
        name="The giftware shop",
        language="en",
        time_zone="Europe/London",
        country="GB",
        currency="GBP",
        stamp="",
        promise="",
        owner="Anna",
        password="a long password",
        now=NOW,
    )
    source = Source(
        paths=data_file("online_retail_ii.parquet"),
        columns={"occurred_at": "ts", "order_id": "invoice", "unit_price": "price"},
        where="not (sheet = '2009-2010' and ts >= '2010-12-01')",
        timezone="Europe/London",
    )
    told = import_purchases(source=source, ground=ground(), actor=BY_COMMAND, now=NOW)
    assert told.rows == 1_067_370
    run = Run.objects.get(id=run_scoring(until=UNTIL, actor=BY_COMMAND, now=NOW))
    of_file = score(ScoreRequest(purchases=source, until=UNTIL))
    assert run.rung == of_file.summary["ladder"] == "models"
    assert run.model == of_file.summary["purchase_model"]["name"]
    owner = dict(Identity.objects.values_list("value", "customer_id"))
    stored = {one.customer_id: one for one in Score.objects.filter(run=run)}
    rows = of_file.scores.to_pylist()
    assert {owner[row["customer_id"]] for row in rows} == stored.keys()
    for row in rows:
        one = stored[owner[row["customer_id"]]]
        for ours, theirs in SAME.items():
            assert getattr(one, ours) == pytest.approx(row[theirs], rel=1e-9), (row, ours)
        # A cent may fall on either side of a half.
        assert one.clv == pytest.approx(row["clv"] * 100, abs=0.51)
