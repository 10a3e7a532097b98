"""A first look at a file that was handed in: its columns, which of ours they are, its first rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from regulars.insight import Source, open_engine
from regulars.insight.errors import HeaderOnly
from regulars.insight.reading.columns import (
    PURCHASE_COLUMNS,
    REFERRAL_COLUMNS,
    Mapped,
    map_purchases,
    map_referrals,
    map_refunds,
)
from regulars.insight.reading.heads import copy_head
from regulars.insight.reading.tables import open_tables
from regulars.intake.files.beside import BESIDE, columns_beside
from regulars.intake.files.customer_columns import CUSTOMER_COLUMNS, map_customers
from regulars.intake.files.own import OWN_EVENTS, OwnKind, own_events_shown
from regulars.jobs.core import Taken
from regulars.kernel.errors import RegularsError
from regulars.kernel.progress import unheard

ROWS_SHOWN = 4

MapColumns = Callable[[Sequence[tuple[Path, Sequence[str]]], Mapping[str, str]], list[Mapped]]
COLUMNS: Mapping[Taken, tuple[str, ...]] = {
    "purchases": (*PURCHASE_COLUMNS, *BESIDE),
    "refunds": (*PURCHASE_COLUMNS, *BESIDE),
    "referrals": REFERRAL_COLUMNS,
    "customers": CUSTOMER_COLUMNS,
}
MAPS: Mapping[Taken, MapColumns] = {
    "purchases": map_purchases,
    "refunds": map_refunds,
    "referrals": map_referrals,
    "customers": map_customers,
}
# What a file may be taken for, the surest first.
GUESSED: tuple[Taken, ...] = ("referrals", "purchases", "customers")


@dataclass(frozen=True)
class Look:
    """What is seen of a file before it is read.

    Attributes:
        what: It holds, as asked or as it looks; None where it looks like nothing known.
        names: Of its columns.
        rows: Its first rows, as text.
        columns: Our column to the file's, asked for and guessed.
        problem: What keeps it from being read so, or None.
    """

    what: Taken | None
    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    columns: Mapping[str, str]
    problem: RegularsError | None


def look_at(
    path: Path, *, what: Taken | None = None, asked: Mapping[str, str] | None = None
) -> Look:
    """Looks at the beginning of a file.

    Args:
        path: CSV or Parquet.
        what: It holds, or None to guess.
        asked: Our column to the file's, as the person says.
    """
    asked = asked or {}
    with TemporaryDirectory(prefix="regulars-") as folder:
        head = Path(folder) / path.name
        try:
            copy_head(path, head)
            names, rows, beside = _beginning(head, Path(folder), asked)
        except HeaderOnly as empty:
            return Look(what, empty.names, (), {}, empty)
        except RegularsError as error:
            return Look(what, (), (), {}, error)
    kinds = GUESSED if what is None else (what,)
    problem: RegularsError | None = None
    if {*names} >= OWN_EVENTS and what != "customers":
        ours: OwnKind = what or "purchases"
        return Look(ours, names, rows, own_events_shown(ours, names), None)
    for kind in kinds:
        of_purchases = "item" in COLUMNS[kind]
        told = {
            ours: theirs for ours, theirs in asked.items() if not of_purchases or ours not in BESIDE
        }
        try:
            (mapped,) = MAPS[kind]([(path, names)], told)
        except RegularsError as error:
            problem = error
            continue
        columns = dict(mapped.columns)
        if of_purchases:
            columns |= beside(mapped)
        return Look(kind, names, rows, columns, None)
    return Look(what, names, rows, asked, problem)


def _beginning(
    head: Path, folder: Path, asked: Mapping[str, str]
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...], Callable[[Mapped], dict[str, str]]]:
    """Names of the columns, the first rows, and what finds the columns of what rows tell besides."""
    workspace = folder / "work"
    workspace.mkdir()
    with open_engine(workspace=workspace) as engine:
        tables = open_tables(
            engine,
            Source(paths=head, skip_ragged=True),
            map_columns=lambda files, _: [Mapped(columns={}) for _ in files],
            progress=unheard,
        )
        (group,) = tables.groups
        found = engine.fetch(group.rows(engine).limit(ROWS_SHOWN)).to_pylist()
    rows = tuple(tuple(_shown(row[name]) for name in group.names) for row in found)

    def beside(mapped: Mapped) -> dict[str, str]:
        found = {
            ours: columns_beside(replace(group, mapped=mapped), ours, asked.get(ours))
            for ours in BESIDE
        }
        return {ours: theirs[0] for ours, theirs in found.items() if theirs}

    return group.names, rows, beside


def _shown(cell: object) -> str:
    return "" if cell is None else str(cell)
