"""Exact repeats: the same row twice, every cell of it.

A repeated line of an order is a mistake of the export; without an order's id it may as well be a
second coffee, so it is kept and counted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import ibis
import ibis.expr.types as ir

from regulars.insight.engines import ROW_FILE, ROW_POSITION, Engine, row_count, stacked
from regulars.insight.reading.orders import FURTHER_LINE
from regulars.insight.reading.tables import Group, Tables

COMPARED = ("file", "position", "part", "order_id", "day", "row_hash", "reason")


@dataclass(frozen=True)
class Repeats:
    """The rows that repeat an earlier one.

    Attributes:
        path: Parquet with ``file, position`` of those that have an order's id, or None.
        lines: How many they are.
        rows: How many have none.
    """

    path: Path | None = None
    lines: int = 0
    rows: int = 0

    def marked(self, engine: Engine, lines: ir.Table) -> ir.Table:
        """The lines with ``repeated``: whether each repeats an earlier line of its order."""
        if self.path is None:
            return lines.mutate(repeated=ibis.literal(False))  # noqa: FBT003  (a literal of SQL)
        found = engine.table([self.path]).mutate(repeated=ibis.literal(True))  # noqa: FBT003
        joined = lines.left_join(found, ["file", "position"])
        joined = joined.drop("file_right", "position_right")
        return joined.mutate(repeated=joined.repeated.fill_null(False))  # noqa: FBT003


def find_repeats(
    engine: Engine, tables: Tables, cleaned: Sequence[Path], *, keep_until: int
) -> Repeats:
    """The rows that repeat an earlier one.

    Rows with equal hashes are found first, which is cheap; only those are compared cell by cell,
    so that the outcome does not depend on an engine's hash.

    Args:
        engine: Computes.
        tables: The files.
        cleaned: Their cleaned lines.
        keep_until: The last day kept, days since 1970-01-01.
    """
    lines = stacked(engine, cleaned, COMPARED)
    counts = lines.reason.isnull() | (lines.reason == FURTHER_LINE)
    lines = lines.filter(counts & (lines.part == 0) & (lines.day <= keep_until))
    suspects = lines.group_by("row_hash").aggregate(n=ibis._.count()).filter(ibis._.n > 1)
    found = lines.semi_join(suspects, "row_hash").select("file", "position", "order_id")
    saved = engine.save(found, "suspects")
    found = engine.table([saved])
    if not row_count(engine, found):
        return Repeats()
    texts = [rows_as_text(engine, group) for group in tables.groups]
    whole = found.inner_join(
        ibis.union(*texts) if len(texts) > 1 else texts[0], ["file", "position"]
    )
    earlier = ibis.row_number().over(group_by="text", order_by=["file", "position"])
    repeats = whole.mutate(earlier=earlier).filter(ibis._.earlier > 0)
    repeats = engine.table([engine.save(repeats.select("file", "position", "order_id"), "repeats")])
    of_orders = repeats.filter(repeats.order_id.notnull())
    lines = row_count(engine, of_orders)
    return Repeats(
        engine.save(of_orders.select("file", "position"), "repeated") if lines else None,
        lines,
        row_count(engine, repeats) - lines,
    )


def rows_as_text(engine: Engine, group: Group) -> ir.Table:
    """The rows of some files as ``file, position, text``, the header within the text."""
    rows = group.rows(engine)
    names = sorted(group.names)
    text = row_text({name: rows[name].cast("string") for name in names})
    header = "\x1d".join(names) + "\x1e"
    return rows.select(
        file=rows[ROW_FILE], position=rows[ROW_POSITION], text=ibis.literal(header).concat(text)
    )


def row_text(texts: Mapping[str, ir.StringValue]) -> ir.StringValue:
    """A whole row as one text, the same for rows whose every cell is the same."""
    cells = [text.fill_null("\x01") for text in texts.values()]
    return ibis.literal("\x1f").join(cells)
