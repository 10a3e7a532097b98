"""Small files, read as a shop's export would be."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from regulars.insight.engines import Engine
from regulars.insight.reading import PurchaseLines, Source, read_purchases


@pytest.fixture
def read(engine: Engine, tmp_path: Path) -> Callable[..., PurchaseLines]:
    """Writes a text (or bytes) to a file and reads it."""

    def reading(
        content: str | bytes,
        *,
        name: str = "purchases.csv",
        until: date | None = None,
        keep_until: date | None = None,
        today: date | None = None,
        **options: Any,
    ) -> PurchaseLines:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_purchases(
            engine, Source(paths=path, **options), until=until, keep_until=keep_until, today=today
        )

    return reading


@pytest.fixture
def lines_of() -> Callable[[PurchaseLines], list[dict[str, Any]]]:
    """The lines that count, in the order of their file."""

    def lines(read: PurchaseLines) -> list[dict[str, Any]]:
        table = read.rows.engine.fetch(read.table())
        return sorted(
            table.to_pylist(), key=lambda row: (row["file"], row["position"], row["part"])
        )

    return lines
