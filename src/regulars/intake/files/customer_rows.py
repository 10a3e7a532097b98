"""Rows of files of customers: who somebody is, what they like, who brought them; or why a row tells nothing."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import ibis
import pyarrow as pa

from regulars.insight import Source
from regulars.insight.engines import ROW_DAY, ROW_FILE, ROW_POSITION, Engine, upload
from regulars.insight.reading.columns import in_words
from regulars.insight.reading.date_survey import survey_dates
from regulars.insight.reading.dates import with_days
from regulars.insight.reading.rejects import CleanedRows
from regulars.insight.reading.selection import select
from regulars.insight.reading.tables import Group, Tables, open_tables
from regulars.intake.files.business import Ground
from regulars.intake.files.called import identity_of, personal_name, plain_name, sender_named
from regulars.intake.files.customer_columns import map_customers
from regulars.intake.files.errors import NobodyInFile
from regulars.intake.files.places import Places
from regulars.intake.files.recognising import Called
from regulars.kernel.errors import RegularsError
from regulars.kernel.language import gettext, mark
from regulars.kernel.progress import Progress
from regulars.kernel.words import number_text
from regulars.people.core import PRIORITY, IdentityKey, IdentityKind, normalised
from regulars.people.errors import InvalidEmail, InvalidPhone, NotAnIdentity, PhoneNeedsCountry
from regulars.people.nobody import instead_of_a_name
from regulars.people.queries import OwnIds, own_ids

EPOCH = date(1970, 1, 1)
SINCE = "__since"  # the day as it is written
Rejected = tuple[int, int, str]  # file, position, reason
LIKES_APART = re.compile(r"[;|\n]")
WHOLE_WITH_POINT = re.compile(r"(\d+)\.0")
REASONS = {
    "nobody": mark("{rows} that name nobody"),
    "bad_email": mark("{rows} with an e-mail address that cannot be one"),
    "bad_phone": mark("{rows} with a phone number that cannot be one"),
    "bad_came_through": mark("{rows} brought by an e-mail address that cannot be one"),
    "phone_needs_country": mark("{rows} with a phone number that needs its country"),
    "bad_since": mark("{rows} with a date that cannot be read"),
    "since_ahead": mark("{rows} with a day that is still to come"),
    "unknown_location": mark("{rows} with a place that is none of ours"),
    "customer_erased": mark("{rows} of customers who were erased"),
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
        came_through: The name of who brought them, or "".
        sender: What identifies who brought them, where it is no name.
        day: Since when they are a customer, days since 1970-01-01, or None.
        location: The name of where they are at home, or "".
        own_id: By what another row of the file names them, or "".
        own: That as an id of ours, in a table that we wrote; else None.
        through_id: That of who brought them, or "".
        through: That as an id of ours, likewise.
        odd: Why that day is not believed, of `REASONS`, or None.
        moment: Since when exactly, where a table that we wrote says so; else None.
        came_at: When exactly they were brought, likewise.
    """

    name: str
    identities: tuple[IdentityKey, ...]
    likes: tuple[str, ...]
    came_through: str
    day: int | None
    sender: IdentityKey | None = None
    location: str = ""
    own_id: str = ""
    through_id: str = ""
    own: UUID | None = None
    through: UUID | None = None
    odd: str | None = None
    moment: datetime | None = None
    came_at: datetime | None = None

    @property
    def called(self) -> Iterator[Called]:
        """What tells whose row it is from any other, as far as something does."""
        if self.own is not None:
            yield self.own
        else:
            yield from (key for key in self.identities if key[0] == "external")

    @property
    def is_sent(self) -> bool:
        """Whether somebody brought them."""
        return bool(self.came_through or self.through_id) or self.sender is not None


@dataclass(frozen=True, kw_only=True)
class CustomerRows:
    """The rows of files of customers.

    Attributes:
        rows: Those that say who somebody is.
        homes: The places that they name, by those names.
        own: Whose those of them are that are ids of ours.
        rejected: How many do not, by reason.
        kept: How many say it, and something else that cannot be, by reason.
        set_aside: Both, as the error file is made from them, while the engine is open.
        notes: What was guessed and decided, in the language in use.
    """

    rows: Sequence[Row]
    homes: Mapping[str, UUID]
    own: OwnIds
    rejected: Mapping[str, int]
    kept: Mapping[str, int]
    set_aside: CleanedRows
    notes: tuple[str, ...]


def read_customers(
    engine: Engine,
    source: Source,
    ground: Ground,
    *,
    places: Places,
    today: date,
    progress: Progress,
) -> CustomerRows:
    """Reads who somebody is from files.

    Args:
        engine: Where to compute.
        source: The files and how to read them.
        ground: The business's time zone and country.
        places: Finds the locations of names.
        today: Nobody is a customer since a later day.
        progress: Told what is being done.

    Raises:
        NobodyInFile: No row says it.
        RegularsError: The files cannot be used.
    """
    tables = open_tables(engine, source, map_columns=map_customers, progress=progress)
    rows: list[Row] = []
    homes: dict[str, list[tuple[int, int]]] = defaultdict(list)
    rejected: list[Rejected] = []
    kept: list[Rejected] = []
    last = (today - EPOCH).days
    read = [
        (file, position, _row(cells, ground.region, last=last))
        for group in tables.groups
        for file, position, cells in _cells(engine, group, source, ground)
    ]
    named = {one for *_, row in read if isinstance(row, Row) for one in (row.own, row.through)}
    own = own_ids({one for one in named if one is not None})
    for file, position, row in read:
        if isinstance(row, str) or row.own in own.erased:
            rejected.append((file, position, row if isinstance(row, str) else "customer_erased"))
            continue
        rows.append(row)
        if row.odd:
            kept.append((file, position, row.odd))
        if row.location:
            homes[row.location].append((file, position))
    reasons = Counter(reason for _, _, reason in rejected)
    if tables.ragged:
        reasons["ragged"] = len(tables.ragged)
    counts = dict(sorted(reasons.items()))
    found = places(homes.keys()) if homes else {}
    kept += [
        (*where, "unknown_location") for name in homes if name not in found for where in homes[name]
    ]
    if not rows:
        raise NobodyInFile(rows=number_text(reasons.total()), reasons=_in_words(counts))
    return CustomerRows(
        rows=rows,
        homes=found,
        own=own,
        rejected=counts,
        kept=dict(sorted(Counter(reason for _, _, reason in kept).items())),
        set_aside=set_aside(engine, tables, rejected + kept),
        notes=(*tables.notes, *_unread(tables)),
    )


def _unread(tables: Tables) -> Iterator[str]:
    """Says which columns nothing reads."""
    names = [
        name
        for group in tables.groups
        for name in group.names
        if name.strip() and name not in group.mapped.columns.values()
    ]
    if names:
        columns = in_words(tuple(dict.fromkeys(names)))
        yield gettext("Not read, as nothing of them is saved: {columns}.").format(columns=columns)


def _in_words(counts: Mapping[str, int]) -> str:
    return ", ".join(
        gettext(REASONS[reason]).format(rows=number_text(n)) for reason, n in counts.items()
    )


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
    texts[SINCE] = ibis.null("string") if since is None else selected[since].cast("string")
    wanted = selected.select(
        **{ROW_FILE: selected[ROW_FILE], ROW_POSITION: selected[ROW_POSITION], ROW_DAY: day},
        **texts,
    )
    for row in engine.fetch(wanted.order_by(ROW_FILE, ROW_POSITION)).to_pylist():
        yield row.pop(ROW_FILE), row.pop(ROW_POSITION), row


def _row(cells: Mapping[str, Any], region: str | None, *, last: int) -> Row | str:
    """A row of cells as it is meant, or why it cannot be used, of `REASONS`."""

    def text(column: str) -> str:
        return plain_name(cells.get(column))

    called = text("name") or " ".join(filter(None, (text("first_name"), text("last_name"))))
    name, instead = personal_name(called), instead_of_a_name(called)
    try:
        identities = _identities(
            {kind: text(column) for kind, column in COLUMN_OF.items()}, region=region
        )
        if instead and not identities:
            identities = _identities({instead: called}, region=region)
        identities += tuple(_others(text("identities"), region=region))
    except RegularsError as error:
        return REASON_OF[type(error)]
    own = _own_id(text("own_id"))
    if not name and not identities and own is None:
        return "nobody"
    try:
        came_through, sender = sender_named(text("came_through"), region=region)
    except InvalidEmail:
        return "bad_came_through"
    day, odd = cells.get(ROW_DAY), None
    if day is None and text(SINCE):
        odd = "bad_since"
    elif day is not None and day > last:
        day, odd = None, "since_ahead"
    likes = (plain_name(part) for part in LIKES_APART.split(cells.get("likes") or ""))
    is_dated = own is not None and odd is None
    return Row(
        name=name,
        identities=identities,
        likes=tuple(one for one in likes if one),
        came_through=came_through,
        sender=sender,
        location=text("location"),
        own_id=text("own_id"),
        through_id=text("through_id"),
        own=own,
        through=_own_id(text("through_id")) if own else None,
        day=day,
        odd=odd,
        moment=_moment(text(SINCE)) if is_dated else None,
        came_at=_moment(text("came_through_at")) if own else None,
    )


def _own_id(text: str) -> UUID | None:
    """An id of ours, of a table that we wrote."""
    with suppress(ValueError):
        return UUID(text)
    return None


def _moment(text: str) -> datetime | None:
    """A moment as a table that we wrote has it, with its zone; None of what a spreadsheet has made of it."""
    with suppress(ValueError):
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo is not None else None
    return None


def _identities(
    texts: Mapping[IdentityKind, str], *, region: str | None
) -> tuple[IdentityKey, ...]:
    """What a row identifies somebody by; what stands for nobody is left out.

    Raises:
        InvalidEmail, InvalidPhone, PhoneNeedsCountry: An address or a number cannot be one.
    """
    found: dict[IdentityKey, None] = {}
    for kind, text in texts.items():
        value = WHOLE_WITH_POINT.sub(r"\1", text)
        if value and kind == "external":
            key = identity_of(value, is_phone=False, region=region)
            if key is not None:
                found[key] = None
        elif value:
            with suppress(NotAnIdentity):
                found[kind, normalised(kind, value, region=region)] = None
    return tuple(found)


def _others(text: str, *, region: str | None) -> Iterator[IdentityKey]:
    """What `regulars export customers` tells somebody to be known by besides; what cannot be is left out."""
    for one in text.split("; "):
        kind, _, value = one.partition(":")
        known = next((ours for ours in PRIORITY if ours == kind), None)
        if known is not None:
            with suppress(RegularsError):
                yield known, normalised(known, value, region=region)


def set_aside(engine: Engine, tables: Tables, rejected: Sequence[Rejected]) -> CleanedRows:
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
