"""Exact repeats: the same row twice, every cell of it.

A repeated line of an order is a mistake of the export; without an order's id it may as well be a
second coffee, so it is kept and counted.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import ibis
import ibis.expr.types as ir

from regulars.insight.engines import ROW_FILE, ROW_POSITION, Engine
from regulars.insight.reading.tables import Tables


def find_repeats(
    engine: Engine,
    tables: Tables,
    cleaned: Sequence[Path],
    *,
    keep_until: int,
) -> tuple[Path | None, int, int]:
    """The rows that repeat an earlier one.

    Rows with equal hashes are found first, which is cheap; only those are compared cell by cell,
    so that the outcome does not depend on an engine's hash.

    Args:
        engine: Computes.
        tables: The files.
        cleaned: Their cleaned lines.
        keep_until: The last day kept, days since 1970-01-01.

    Returns:
        Parquet with ``file, position`` of the repeats that have an order's id, or None; how many
        they are; how many repeats have none.
    """
    lines = engine.table(cleaned)
    lines = lines.filter(lines.reason.isnull() & (lines.part == 0) & (lines.day <= keep_until))
    suspects = lines.group_by("row_hash").aggregate(n=ibis._.count()).filter(ibis._.n > 1)
    found = lines.semi_join(suspects, "row_hash").select("file", "position", "order_id")
    saved = engine.save(found, "suspects")
    found = engine.table([saved])
    if not engine.fetch(found.aggregate(n=ibis._.count().cast("int64")))["n"][0].as_py():
        return None, 0, 0
    texts = []
    for group in tables.groups:
        rows = group.rows(engine)
        names = sorted(group.names)
        text = row_text({name: rows[name].cast("string") for name in names})
        header = "\x1d".join(names) + "\x1e"
        texts.append(
            rows.select(
                file=rows[ROW_FILE],
                position=rows[ROW_POSITION],
                text=ibis.literal(header).concat(text),
            )
        )
    whole = found.inner_join(
        ibis.union(*texts) if len(texts) > 1 else texts[0], ["file", "position"]
    )
    earlier = ibis.row_number().over(group_by="text", order_by=["file", "position"])
    repeats = whole.mutate(earlier=earlier).filter(ibis._.earlier > 0)
    path = engine.save(repeats.select("file", "position", "order_id"), "repeats")
    repeats = engine.table([path])
    counts = engine.fetch(
        repeats.aggregate(
            lines=repeats.order_id.notnull().sum().cast("int64"),
            rows=repeats.order_id.isnull().sum().cast("int64"),
        )
    ).to_pylist()[0]
    if not counts["lines"]:
        return None, 0, counts["rows"] or 0
    only = engine.save(
        repeats.filter(repeats.order_id.notnull()).select("file", "position"), "repeated"
    )
    return only, counts["lines"], counts["rows"]


def row_text(texts: Mapping[str, ir.StringValue]) -> ir.StringValue:
    """A whole row as one text, the same for rows whose every cell is the same."""
    cells = [text.fill_null("\x01") for text in texts.values()]
    return ibis.literal("\x1f").join(cells)
