"""Tables as they stand in a file, summed up."""

from collections.abc import Callable
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from regulars.insight.engines import Engine
from regulars.insight.reading import Source, read_purchases
from regulars.insight.summary import Summary, summarise

UNTIL = date(2024, 6, 30)


@pytest.fixture
def sum_up(engine: Engine, tmp_path: Path) -> Callable[..., Summary]:
    """Sums up rows, given as one list for each file."""
    numbers = count()

    def summing(
        *files: list[dict[str, Any]], until: date = UNTIL, validate_until: date | None = None
    ) -> Summary:
        folder = tmp_path / f"files-{next(numbers)}"
        folder.mkdir()
        for number, rows in enumerate(files):
            pq.write_table(pa.Table.from_pylist(rows), folder / f"{number}.parquet")
        lines = read_purchases(engine, Source(paths=folder), until=until, keep_until=validate_until)
        return summarise(engine, lines, until=until, validate_until=validate_until)

    return summing
