"""Files of customers: who they are, what they like, who brought them."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import ibis
import pyarrow as pa
from django.db import transaction

from regulars.insight import Source, open_engine
from regulars.insight.engines import ROW_DAY, ROW_FILE, ROW_POSITION, Engine, upload
from regulars.insight.reading.dates import survey_dates, with_days
from regulars.insight.reading.rejects import CleanedRows
from regulars.insight.reading.selection import select
from regulars.insight.reading.tables import Group, Tables, open_tables
from regulars.intake.files.business import Ground
from regulars.intake.files.customer_columns import map_customers
from regulars.intake.files.directory import Directory
from regulars.intake.files.errors import NobodyInFile
from regulars.intake.files.errors_file import NOWHERE, Errors
from regulars.intake.files.moments import local_noon
from regulars.intake.files.result import Imported
from regulars.intake.files.who import identity_of, plain_name
from regulars.intake.services import Incoming, record
from regulars.kernel.actor import Actor
from regulars.kernel.errors import RegularsError
from regulars.kernel.language import gettext, mark
from regulars.kernel.progress import Progress, unheard
from regulars.kernel.words import number_text
from regulars.people.bulk import Key, Told, add_many, tell_more
from regulars.people.core import IdentityKind, normalised
from regulars.people.errors import (
    AlreadyMerged,
    InvalidEmail,
    InvalidPhone,
    NotAnIdentity,
    PhoneNeedsCountry,
)
from regulars.people.services import merge, note_told_together

SOURCE = "file"
CHUNK_ROWS = 1_000
LIKES_APART = re.compile(r"[;|\n]")
WHOLE_WITH_POINT = re.compile(r"(\d+)\.0")
REASONS = {
    "nobody": mark("{rows} that name nobody"),
    "bad_email": mark("{rows} with an e-mail address that cannot be one"),
    "bad_phone": mark("{rows} with a phone number that cannot be one"),
    "phone_needs_country": mark("{rows} with a phone number that needs its country"),
    "ragged": mark("{rows} that do not fit the header"),
}
COLUMN_OF: Mapping[IdentityKind, str] = {
    "external": "customer_id",
    "email": "email",
    "phone": "phone",
}
REASON_OF: Mapping[type[RegularsError], str] = {
    InvalidEmail: "bad_email",
    InvalidPhone: "bad_phone",
    PhoneNeedsCountry: "phone_needs_country",
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row that says who somebody is.

    Attributes:
        name: As people say it, or "".
        identities: Kind and normalised value of each.
        likes: In a few words each.
        came_through: Who brought them, by name or by what identifies them, or "".
        day: Since when they are a customer, days since 1970-01-01, or None.
    """

    name: str
    identities: tuple[Key, ...]
    likes: tuple[str, ...]
    came_through: str
    day: int | None


def import_customers(
    *,
    source: Source,
    ground: Ground,
    errors: Errors = NOWHERE,
    is_dry: bool = False,
    actor: Actor,
    now: datetime,
    progress: Progress = unheard,
) -> Imported:
    """Adds the customers of files, or what is not known of them; a transaction for each chunk.

    Args:
        source: The files and how to read them.
        ground: The business's time zone and country.
        errors: Where rows that cannot be used go.
        is_dry: Whether to count and write nothing.
        actor: Who tells.
        now: When.
        progress: Told about each stage.

    Returns:
        What became of every row.

    Raises:
        RegularsError: The files cannot be used, and nothing was written.
    """
    with (
        TemporaryDirectory(prefix="regulars-") as folder,
        open_engine(workspace=Path(folder)) as engine,
    ):
        tables = open_tables(engine, source, map_columns=map_customers, progress=progress)
        rows, rejected = _read(engine, tables, source, ground)
        _refuse_empty(rows, rejected, tables)
        errors.write(_cleaned(engine, tables, rejected).write_rejected)
    directory, counted = Directory(), Counted()
    for start in range(0, len(rows), CHUNK_ROWS):
        directory.look_up(key for row in rows[start : start + CHUNK_ROWS] for key in row.identities)
    directory.known.expect(key for row in rows for key in row.identities if key[0] == "external")
    customers: list[UUID] = []
    for start in range(0, len(rows), CHUNK_ROWS):
        progress(gettext("Adding customers"), start / len(rows) / 2)
        chunk = rows[start : start + CHUNK_ROWS]
        with transaction.atomic():
            customers += _add(chunk, directory, counted, actor=actor, now=now, is_dry=is_dry)
    # Only now is it known whether anybody in the file is called just as a sender is.
    sent = [pair for pair in zip(customers, rows, strict=True) if pair[1].came_through]
    for start in range(0, len(sent), CHUNK_ROWS):
        progress(gettext("Adding customers"), 0.5 + start / len(sent) / 2)
        pairs = sent[start : start + CHUNK_ROWS]
        with transaction.atomic():
            _send(pairs, directory, counted, ground=ground, actor=actor, now=now, is_dry=is_dry)
    reasons = Counter(reason for _, _, reason in rejected)
    if tables.ragged:
        reasons["ragged"] = len(tables.ragged)
    return Imported(
        rows=len(rows) + sum(reasons.values()),
        rejected=dict(sorted(reasons.items())),
        recorded={"referral.recorded": counted.referrals} if counted.referrals else {},
        duplicates=counted.duplicates,
        customers=len(directory.strangers),
        known=len(counted.known),
        recognised=dict(Counter(directory.recognised.values())),
        doubtful=len(directory.doubtful),
        effects=counted.effects,
        notes=tables.notes,
        is_dry=is_dry,
    )


@dataclass
class Counted:
    """What has become of the rows so far."""

    known: set[UUID] = field(default_factory=set)
    referrals: int = 0
    duplicates: int = 0
    effects: int = 0


def _add(
    rows: Sequence[Row],
    directory: Directory,
    counted: Counted,
    *,
    actor: Actor,
    now: datetime,
    is_dry: bool,
) -> list[UUID]:
    """Writes who stands in some rows, and says who it is; to be called inside a transaction."""
    before = set(directory.strangers)
    told: dict[UUID, Told] = {}
    customers = []
    for row in rows:
        customer = directory.find(row.name, row.identities)
        customers.append(customer)
        said = told.get(customer, Told(id=customer))
        told[customer] = Told(
            id=customer,
            name=said.name or row.name,
            likes=tuple(dict.fromkeys((*said.likes, *row.likes))),
        )
    _tell(told, directory, before, counted, actor=actor, now=now, is_dry=is_dry)
    return customers


def _tell(
    told: Mapping[UUID, Told],
    directory: Directory,
    before: set[UUID],
    counted: Counted,
    *,
    actor: Actor,
    now: datetime,
    is_dry: bool,
) -> None:
    """Adds whoever is a stranger since `before`, and to the others what was not known of them."""
    counted.known |= told.keys() - directory.strangers
    known = directory.known
    given, known.given = known.given, defaultdict(list)
    merges, known.merges = known.merges, []
    if is_dry:
        return
    new = directory.strangers - before
    everybody = [replace(one, identities=tuple(given[one.id])) for one in told.values()]
    add_many(people=[one for one in everybody if one.id in new], actor=actor, now=now)
    for kept, merged in merges:
        with suppress(AlreadyMerged):  # at the same moment, by something else
            merge(kept=kept, merged=merged, actor=actor, now=now)
    tell_more(people=[one for one in everybody if one.id not in new], actor=actor, now=now)
    note_told_together(known.together, now=now)


def _send(
    pairs: Sequence[tuple[UUID, Row]],
    directory: Directory,
    counted: Counted,
    *,
    ground: Ground,
    actor: Actor,
    now: datetime,
    is_dry: bool,
) -> None:
    """Writes who brought some customers; to be called inside a transaction."""
    before = set(directory.strangers)
    keys = [_identity_named(row.came_through, ground.region) for _, row in pairs]
    directory.look_up(key for key in keys if key is not None)
    told: dict[UUID, Told] = {}
    through: dict[UUID, tuple[UUID, Row]] = {}
    for (friend, row), key in zip(pairs, keys, strict=True):
        if key is None:
            sender = directory.find_sender(row.came_through, friend=friend)
            told.setdefault(sender, Told(id=sender, name=row.came_through))
        else:
            sender = directory.find("", (key,))
            told.setdefault(sender, Told(id=sender))
        if sender != friend:
            through[friend] = (sender, row)
    _tell(told, directory, before, counted, actor=actor, now=now, is_dry=is_dry)
    if is_dry:
        counted.referrals += len(through)
        return
    recorded = record(
        incoming=[
            Incoming(
                type="referral.recorded",
                source=SOURCE,
                key=f"came_through:{friend}",
                occurred_at=now if row.day is None else local_noon(row.day, ground.time_zone),
                customer_id=friend,
                data={"sender_id": str(sender)},
            )
            for friend, (sender, row) in through.items()
        ],
        region=ground.region,
        actor=actor,
        now=now,
    )
    fresh = sum(one.status == "recorded" for one in recorded)
    counted.referrals += fresh
    counted.duplicates += len(recorded) - fresh
    counted.effects += sum(len(one.effects) for one in recorded)


def _identity_named(text: str, region: str | None) -> Key | None:
    """What somebody is identified by, where a text is an address or a phone and no name."""
    key = identity_of(text, is_phone=False, region=region)
    return key if key is not None and key[0] != "external" else None


def _read(
    engine: Engine, tables: Tables, source: Source, ground: Ground
) -> tuple[list[Row], list[tuple[int, int, str]]]:
    """The rows that say who somebody is; file, position and reason of the others."""
    rows: list[Row] = []
    rejected: list[tuple[int, int, str]] = []
    for group in tables.groups:
        for file, position, cells in _cells(engine, group, source, ground):
            try:
                row = _row(cells, ground.region)
            except RegularsError as error:
                rejected.append((file, position, REASON_OF[type(error)]))
                continue
            if row.name or row.identities:
                rows.append(row)
            else:
                rejected.append((file, position, "nobody"))
    return rows, rejected


def _cells(
    engine: Engine, group: Group, source: Source, ground: Ground
) -> Iterator[tuple[int, int, dict[str, Any]]]:
    """The cells of every row by our columns, in the order of the files."""
    selected = select(engine, group.rows(engine), source.where, text=group.text)
    columns = group.mapped.columns
    since = columns.get("since")
    if since is not None:
        style = survey_dates(
            engine,
            selected,
            since,
            timezone=ground.time_zone,
            day_first=source.day_first,
            american=ground.currency == "USD",
        )
        selected = with_days(selected, since, style)
    texts = {
        ours: selected[theirs].cast("string") for ours, theirs in columns.items() if ours != "since"
    }
    day = selected[ROW_DAY] if since is not None else ibis.null("int32")
    wanted = selected.select(
        **{ROW_FILE: selected[ROW_FILE], ROW_POSITION: selected[ROW_POSITION], ROW_DAY: day},
        **texts,
    )
    for row in engine.fetch(wanted.order_by(ROW_FILE, ROW_POSITION)).to_pylist():
        yield row.pop(ROW_FILE), row.pop(ROW_POSITION), row


def _row(cells: Mapping[str, Any], region: str | None) -> Row:
    """A row of cells as it is meant.

    Raises:
        InvalidEmail, InvalidPhone, PhoneNeedsCountry: An address or a number cannot be one.
    """

    def text(column: str) -> str:
        return plain_name(cells.get(column))

    identities = []
    for kind, column in COLUMN_OF.items():
        value = WHOLE_WITH_POINT.sub(r"\1", text(column))
        if not value:
            continue
        if kind == "external":
            key = identity_of(value, is_phone=False, region=region)
        else:
            try:
                key = (kind, normalised(kind, value, region=region))
            except NotAnIdentity:
                key = None
        if key is not None:
            identities.append(key)
    likes = (plain_name(part) for part in LIKES_APART.split(cells.get("likes") or ""))
    return Row(
        name=text("name") or " ".join(filter(None, (text("first_name"), text("last_name")))),
        identities=tuple(dict.fromkeys(identities)),
        likes=tuple(one for one in likes if one),
        came_through=text("came_through"),
        day=cells.get(ROW_DAY),
    )


def _refuse_empty(
    rows: Sequence[Row], rejected: Sequence[tuple[int, int, str]], tables: Tables
) -> None:
    """Refuses files without anybody.

    Raises:
        NobodyInFile: No row says who somebody is.
    """
    if rows:
        return
    counts = Counter(reason for _, _, reason in rejected)
    if tables.ragged:
        counts["ragged"] = len(tables.ragged)
    said = ", ".join(
        gettext(REASONS[reason]).format(rows=number_text(n)) for reason, n in sorted(counts.items())
    )
    raise NobodyInFile(rows=number_text(sum(counts.values())), reasons=said)


def _cleaned(
    engine: Engine, tables: Tables, rejected: Sequence[tuple[int, int, str]]
) -> CleanedRows:
    """The rows that were set aside, as the error file is made from them."""
    table = pa.table(
        {
            "file": pa.array([file for file, _, _ in rejected], pa.int64()),
            "position": pa.array([position for _, position, _ in rejected], pa.int64()),
            "part": pa.array([0] * len(rejected), pa.int32()),
            "day": pa.array([0] * len(rejected), pa.int32()),
            "reason": pa.array([reason for _, _, reason in rejected], pa.string()),
        }
    )
    cleaned = engine.save(upload(engine, table, "set-aside"), "customers")
    return CleanedRows(engine=engine, tables=tables, cleaned=(cleaned,))
