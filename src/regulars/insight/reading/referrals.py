"""From files of who brought whom to claims: sender, friend, day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from regulars.insight.engines import ROW_DAY, ROW_FILE, ROW_POSITION, Engine, upload
from regulars.insight.errors import HeaderOnly, NoUsableRow
from regulars.insight.reading.causes import causes_named
from regulars.insight.reading.columns import map_referrals
from regulars.insight.reading.date_survey import survey_dates
from regulars.insight.reading.dates import DateStyle, with_days
from regulars.insight.reading.identities import customer_of
from regulars.insight.reading.rejects import FOREVER, CleanedRows, reasons_in_words
from regulars.insight.reading.source import Source
from regulars.insight.reading.tables import Group, Tables, open_tables
from regulars.insight.reading.tally import rows_by_reason
from regulars.kernel.clock import epoch_day
from regulars.kernel.language import gettext
from regulars.kernel.progress import Progress, unheard
from regulars.kernel.words import number_text

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
class ReferralClaims:
    """The claims of who brought whom, as they were recorded; which of them hold is decided later.

    Attributes:
        table: ``sender_id, friend_id`` (string), ``day`` (int32, since 1970-01-01), ``row`` (int64,
            its place among all rows), by day, friend and sender.
        rows_read: Rows in the files, with the ragged lines.
        rejected: Rows set aside, by reason.
        notes: What was guessed and decided, in the language in use.
        rows: On disk, with ``sender_id, friend_id, day``.
    """

    table: pa.Table
    rows_read: int
    rejected: Mapping[str, int]
    notes: tuple[str, ...]
    rows: CleanedRows


def read_referrals(
    engine: Engine, source: Source, *, until: date | None = None, progress: Progress = unheard
) -> ReferralClaims:
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
) -> ReferralClaims:
    """Cleans every row of the tables and counts what became of it; see `read_referrals`."""
    progress(gettext("Cleaning referrals"))
    notes = list(tables.notes)
    cleaned = []
    for group in tables.groups:
        dates = survey_dates(
            engine,
            group.rows(engine),
            group.mapped.columns["occurred_at"],
            timezone=source.timezone,
            day_first=source.day_first,
            american=False,
        )
        notes += dates.notes
        cleaned.append(engine.save(claims_of(engine, group, dates), "claims"))
    rows = CleanedRows(
        engine=engine,
        tables=tables,
        cleaned=tuple(cleaned),
        keep_until=FOREVER if until is None else epoch_day(until),
    )
    claims = engine.table(cleaned)
    late = claims.reason.isnull() & (claims.day > rows.keep_until)
    judged = claims.mutate(reason=ibis.ifelse(late, "after_until", claims.reason))
    counts = rows_by_reason(engine, judged, tables)
    rejected = {reason: n for reason, n in sorted(counts.items(), key=str) if reason is not None}
    columns = ("sender_id", "friend_id", "day", "file", "position")
    table = engine.fetch(rows.that_count().select(*columns))
    # Nobody was brought before the first day that counts, or nobody recorded it: no error.
    if not table.num_rows and set(rejected) - {"after_until"}:
        raise NoUsableRow(
            rows=number_text(sum(counts.values())), reasons=reasons_in_words(rejected)
        )
    return ReferralClaims(
        table=in_time_order(table),
        rows_read=sum(counts.values()),
        rejected=rejected,
        notes=tuple(dict.fromkeys(notes)),
        rows=rows,
    )


def claims_of(engine: Engine, group: Group, dates: DateStyle) -> ir.Table:
    """The rows of some files as claims, with the reason where one cannot be used."""
    columns = group.mapped.columns
    rows = with_days(group.rows(engine), columns["occurred_at"], dates)
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
    return claims.mutate(reason=reason)


def nothing_recorded(engine: Engine, source: Source) -> ReferralClaims:
    """No claims: nobody has been sent yet, or nobody wrote it down."""
    none = CLAIMS.empty_table()
    paths = tuple(source.files())
    note = gettext("{file} has a header and no rows, so no referrals are known.")
    return ReferralClaims(
        table=in_time_order(none),
        rows_read=0,
        rejected={},
        notes=(note.format(file=paths[0].name),),
        rows=CleanedRows(
            engine=engine,
            tables=Tables(paths=paths, groups=(), csv={}, notes=()),
            cleaned=(engine.save(upload(engine, none, "nobody"), "claims"),),
        ),
    )


def in_time_order(table: pa.Table) -> pa.Table:
    """The claims with their place among all rows instead of file and position."""
    order = ["day", "friend_id", "sender_id", "file", "position"]
    table = table.sort_by([(column, "ascending") for column in order])
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
