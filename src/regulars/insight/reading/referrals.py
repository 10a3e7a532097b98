"""From files of who brought whom to claims: sender, friend, day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import ibis
import numpy as np
import pyarrow as pa

from regulars.insight.engines import ROW_DAY, ROW_FILE, ROW_POSITION, Engine
from regulars.insight.errors import HeaderOnly, NoUsableRow
from regulars.insight.reading.causes import causes_named
from regulars.insight.reading.columns import map_referrals
from regulars.insight.reading.dates import survey_dates, with_days
from regulars.insight.reading.identities import customer_of
from regulars.insight.reading.rejects import reasons_in_words, write_rejected
from regulars.insight.reading.source import Source
from regulars.insight.reading.tables import Tables, open_tables
from regulars.kernel.clock import epoch_day
from regulars.kernel.language import gettext
from regulars.kernel.progress import Progress, unheard

NEVER = 2**31 - 1
CLAIMS = pa.schema(
    [
        ("file", pa.int64()),
        ("position", pa.int64()),
        ("part", pa.int32()),
        ("sender_id", pa.string()),
        ("friend_id", pa.string()),
        ("day", pa.int32()),
        ("reason", pa.string()),
    ]
)


@dataclass(frozen=True, kw_only=True)
class Referrals:
    """The claims of who brought whom, as they were recorded; which of them hold is decided later.

    Attributes:
        table: ``sender_id, friend_id`` (string), ``day`` (int32, since 1970-01-01), ``row`` (int64,
            its place among all rows), by day, friend and sender.
        rows_read: Rows in the files, with the ragged lines.
        rejected: Rows set aside, by reason.
        notes: What was guessed and decided, in the language in use.
    """

    table: pa.Table
    rows_read: int
    rejected: Mapping[str, int]
    notes: tuple[str, ...]
    engine: Engine
    tables: Tables
    cleaned: tuple[Path, ...]
    keep_until: int

    def write_rejects(self, path: Path) -> int:
        """Writes every row that was set aside to a CSV: file, line, reason, then its own cells.

        Args:
            path: The file to write.

        Returns:
            How many rows it holds.
        """
        return write_rejected(
            path,
            engine=self.engine,
            tables=self.tables,
            cleaned=self.cleaned,
            repeated=None,
            keep_until=self.keep_until,
        )


def read_referrals(
    engine: Engine, source: Source, *, until: date | None = None, progress: Progress = unheard
) -> Referrals:
    """Reads files of referrals.

    Args:
        engine: Where to compute.
        source: The files and how to read them; only its columns, encoding, time zone, order of day
            and month and ``skip_ragged`` matter.
        until: The last day that counts; None for all.
        progress: Told what is being done.

    Returns:
        The claims, in this process.

    Raises:
        RegularsError: The files cannot be used; see `regulars.insight.errors`.
    """
    try:
        tables = open_tables(engine, source, map_columns=map_referrals, progress=progress)
    except HeaderOnly:
        return nothing_recorded(engine, source)
    with causes_named(engine, tables, condition=None):
        return clean_and_count(engine, source, tables, until=until, progress=progress)


def clean_and_count(
    engine: Engine, source: Source, tables: Tables, *, until: date | None, progress: Progress
) -> Referrals:
    """Cleans every row of the tables and counts what became of it; see `read_referrals`."""
    progress(gettext("Cleaning referrals"))
    keep = NEVER if until is None else epoch_day(until)
    notes = list(tables.notes)
    cleaned = []
    for group in tables.groups:
        rows, columns = group.rows(engine), group.mapped.columns
        dates = survey_dates(
            engine,
            rows,
            columns["occurred_at"],
            timezone=source.timezone,
            day_first=source.day_first,
            american=False,
        )
        notes += dates.notes
        rows = with_days(rows, columns["occurred_at"], dates)
        claims = rows.select(
            file=rows[ROW_FILE],
            position=rows[ROW_POSITION],
            part=ibis.literal(0, "int32"),
            sender_id=customer_of(rows[columns["sender_id"]]),
            friend_id=customer_of(rows[columns["friend_id"]]),
            day=rows[ROW_DAY],
        )
        reason = ibis.cases(
            (claims.sender_id.isnull(), "no_sender"),
            (claims.friend_id.isnull(), "no_friend"),
            (claims.day.isnull(), "bad_date"),
            else_=ibis.null("string"),
        )
        cleaned.append(engine.save(claims.mutate(reason=reason), "claims"))
    claims = engine.table(cleaned)
    late = claims.reason.isnull() & (claims.day > keep)
    reason = ibis.ifelse(late, "after_until", claims.reason)
    counts = engine.fetch(claims.group_by(reason=reason).aggregate(n=ibis._.count().cast("int64")))
    rejected = dict(zip(counts["reason"].to_pylist(), counts["n"].to_pylist(), strict=True))
    if tables.ragged:
        rejected["ragged"] = len(tables.ragged)
    rows_read = sum(rejected.values())
    rejected.pop(None, None)
    good = claims.filter(claims.reason.isnull() & (claims.day <= keep))
    table = engine.fetch(good.select("sender_id", "friend_id", "day", "file", "position"))
    # Nobody was brought before the first day that counts, or nobody recorded it: no error.
    if not table.num_rows and set(rejected) - {"after_until"}:
        raise NoUsableRow(rows=rows_read, reasons=reasons_in_words(rejected))
    order = ["day", "friend_id", "sender_id", "file", "position"]
    table = table.sort_by([(column, "ascending") for column in order])
    return Referrals(
        table=with_row(table),
        rows_read=rows_read,
        rejected=dict(sorted(rejected.items())),
        notes=tuple(dict.fromkeys(notes)),
        engine=engine,
        tables=tables,
        cleaned=tuple(cleaned),
        keep_until=keep,
    )


def nothing_recorded(engine: Engine, source: Source) -> Referrals:
    """No claims: nobody has been sent yet, or nobody wrote it down."""
    none = CLAIMS.empty_table()
    paths = tuple(source.files())
    note = gettext("{file} has a header and no rows, so no referrals are known.")
    return Referrals(
        table=with_row(none),
        rows_read=0,
        rejected={},
        notes=(note.format(file=paths[0].name),),
        engine=engine,
        tables=Tables(paths=paths, groups=(), csv={}, notes=()),
        cleaned=(engine.save(engine.upload(none, "nobody"), "claims"),),
        keep_until=NEVER,
    )


def with_row(table: pa.Table) -> pa.Table:
    """The claims with their place among all rows instead of file and position."""
    rows = np.empty(table.num_rows, np.int64)
    rows[np.lexsort((table["position"].to_numpy(), table["file"].to_numpy()))] = np.arange(
        len(rows)
    )
    return pa.table(
        {
            "sender_id": table["sender_id"].cast(pa.string()),
            "friend_id": table["friend_id"].cast(pa.string()),
            "day": table["day"].cast(pa.int32()),
            "row": pa.array(rows),
        }
    )
