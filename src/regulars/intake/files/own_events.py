"""Tables of events that were exported: taken in as the events that they were, under their own names, so once.

Here, where they come from, each is known by its source and key. In another house it is recorded under the same, of
whoever has its customer's id there; who is not there is added by that id, and a table of customers says later, or has
said, who it is. Who had been erased is not made anew: what is told of them stays in the books, of nobody who is here.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import pyarrow as pa
from django.db import transaction

from regulars.care.listing import settle_all
from regulars.insight import Source, open_engine
from regulars.insight.engines import ROW_FILE, ROW_POSITION, Engine
from regulars.insight.errors import HeaderOnly
from regulars.insight.reading.selection import select
from regulars.insight.reading.tables import Group, Tables, open_tables
from regulars.intake.appending import append
from regulars.intake.files.business import Ground
from regulars.intake.files.customer_rows import Rejected, set_aside
from regulars.intake.files.errors_file import Errors
from regulars.intake.files.no_rows import nothing_in
from regulars.intake.files.own import TYPES_OF, OwnKind, as_they_are
from regulars.intake.files.own_rows import BAD_EVENT, COLUMNS, ERASED, TAKEN_BACK, OwnRow, row_of
from regulars.intake.files.places import places_of
from regulars.intake.files.result import Imported
from regulars.intake.files.told_claims import ToldClaim, told_claims
from regulars.intake.incoming import Incoming
from regulars.intake.services import record
from regulars.intake.where import location_id_of
from regulars.kernel.actor import Actor
from regulars.kernel.language import gettext, ngettext
from regulars.kernel.progress import Progress
from regulars.kernel.words import number_text
from regulars.people.bulk import Told, add_many
from regulars.people.queries import OwnIds, kept_ids, known_locations, own_ids
from regulars.people.services import note_erased_elsewhere
from regulars.stream.models import REFERRAL
from regulars.stream.refunding import FILES
from regulars.stream.services import NewEvent, told_before
from regulars.stream.types import Facts

CHUNK_ROWS = 1_000
SELF_REFERRAL = "self_referral"
Numbered = tuple[int, int, OwnRow]  # file, position, row


def import_own_events(
    *,
    source: Source,
    ground: Ground,
    kind: OwnKind,
    errors: Errors,
    is_dry: bool,
    actor: Actor,
    now: datetime,
    progress: Progress,
) -> Imported:
    """Records the events of tables that were exported; a transaction for each chunk.

    Args:
        source: The files and how to read them; their columns are known.
        ground: The business's country.
        kind: Which of the events are asked for.
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
    source = replace(source, columns={})
    taking = _Taking(ground=ground, actor=actor, now=now, is_dry=is_dry)
    with open_engine() as engine:
        try:
            tables = open_tables(engine, source, map_columns=as_they_are, progress=progress)
        except HeaderOnly as empty:
            return nothing_in(
                empty, columns={}, map_columns=as_they_are, errors=errors, is_dry=is_dry
            )
        cells = [_cells(engine, group, source) for group in tables.groups]
        every, done, stage = (
            sum(one.num_rows for one in cells),
            0,
            gettext("Recording what happened"),
        )
        for table in cells:
            replaced = frozenset(table["replaces"].to_pylist())
            for batch in table.to_batches(max_chunksize=CHUNK_ROWS):
                progress(stage, done / every)
                taking.take(batch.to_pylist(), kind, but=replaced)
                done += batch.num_rows
        errors.write(set_aside(engine, tables, taking.rejected).write_rejected)
    taking.settle()
    return taking.result(tables, every, kind)


def _cells(engine: Engine, group: Group, source: Source) -> pa.Table:
    """The cells of some files' rows, as texts, in the order of the log."""
    rows = select(engine, group.rows(engine), source.where, text=group.text)
    wanted = [name for name in ("id", *COLUMNS) if name in group.names]
    chosen = rows.select(
        **{ROW_FILE: rows[ROW_FILE], ROW_POSITION: rows[ROW_POSITION]},
        **{name: rows[name].cast("string") for name in wanted},
    )
    return engine.fetch(chosen.order_by(ROW_FILE, ROW_POSITION))


@dataclass(kw_only=True)
class _Taking:
    """Taking in the rows of exported tables, and what has become of them so far."""

    ground: Ground
    actor: Actor
    now: datetime
    is_dry: bool
    rejected: list[Rejected] = field(default_factory=list)
    recorded: Counter[str] = field(default_factory=Counter)
    others: Counter[str] = field(default_factory=Counter)
    duplicates: int = 0
    claimed: int = 0
    of_nobody: int = 0
    effects: int = 0
    known: set[UUID] = field(default_factory=set)
    added: set[UUID] = field(default_factory=set)
    placed: dict[str, UUID | None] = field(default_factory=dict)

    def take(
        self, cells: Sequence[dict[str, Any]], kind: OwnKind, *, but: frozenset[str | None]
    ) -> None:
        """Takes in some rows; opens a transaction.

        Args:
            cells: In the order of the log.
            kind: Which of them are asked for.
            but: The ids of events in whose place others of the file stand.
        """
        rows: list[Numbered] = []
        for one in cells:
            file, position = one.pop(ROW_FILE), one.pop(ROW_POSITION)
            if one.pop("id", None) in but:
                continue
            row = row_of(one)
            if row is None:
                self.rejected.append((file, position, BAD_EVENT))
            elif row.told.type not in TYPES_OF[kind]:
                self.others[row.told.type] += 1
            else:
                rows.append((file, position, row))
        with transaction.atomic():
            ids = own_ids({one for *_, row in rows for one in row.ids})
            fresh = self._fresh(rows, ids)
            named = {one for row in fresh for one in row.ids}
            erased = ids.erased.union(*(row.erased for row in fresh)) - ids.here.keys()
            self.known |= named & ids.here.keys() - self.added
            self.added |= named - ids.here.keys() - erased
            if not self.is_dry:
                self._write(fresh, named - ids.here.keys() - erased, erased - ids.erased)

    def _fresh(self, rows: Sequence[Numbered], ids: OwnIds) -> list[OwnRow]:
        """What is told for the first time, or of somebody for the first time, and can be; counted."""
        before = told_before({row.told.name for *_, row in rows})
        shown = kept_ids(ids.here)
        claims = told_claims(
            row.told.customer_id
            for *_, row in rows
            if row.told.type == REFERRAL and row.told.customer_id is not None
        )
        fresh = []
        for file, position, row in rows:
            told, was = row.told, before.get(row.told.name)
            who, sender = (one and shown.get(one, one) for one in (told.customer_id, told.sender))
            is_claimed = was is not None and was.customer_id is None and who is not None
            if (was is not None and (not is_claimed or told.type == REFERRAL)) or _is_told(
                claims, told, who, sender
            ):
                self.duplicates += 1
            elif why := _why_not(row, who, sender, ids):
                self.rejected.append((file, position, why))
            else:
                fresh.append(row)
                self.claimed += is_claimed
                self.recorded[told.type] += not is_claimed
                self.of_nobody += who is None
        return fresh

    def _write(
        self, fresh: Sequence[OwnRow], strangers: Set[UUID], newly_erased: Set[UUID]
    ) -> None:
        """Records what is told, and whom it is told of; inside a transaction.

        Args:
            fresh: In the order of the log.
            strangers: Who is to be added by their ids.
            newly_erased: Of whom only the file says that they were erased.
        """
        first: dict[UUID, datetime] = {}
        for row in fresh:
            for one in row.ids:
                first[one] = min(first.get(one, row.told.occurred_at), row.told.occurred_at)
        new = [Told(id=one) for one in sorted(strangers)]
        add_many(people=new, first=first, actor=self.actor, now=self.now)
        note_erased_elsewhere(
            {one: min(first[one], self.now) for one in newly_erased & first.keys()}
        )
        events = [self._placed(row.told) for row in fresh]
        gone = own_ids(first).erased
        recorded = record(
            incoming=[one for one in events if one.customer_id not in gone],
            region=self.ground.region,
            actor=self.actor,
            now=self.now,
        )
        self.effects += sum(len(one.effects) for one in recorded)
        of_erased = [_as_it_was(one) for one in events if one.customer_id in gone]
        append(events=of_erased, actor=self.actor, now=self.now)

    def _placed(self, told: Incoming) -> Incoming:
        """The same at the place of that id, else of that name; what has no name here and there is left out."""
        asked = location_id_of(told.data)
        if asked is None or isinstance(told.data, Facts):
            return told._replace(location="")
        if not self.placed:
            self.placed = {str(one): one for one in known_locations().values()}
        name = told.location
        if str(asked) not in self.placed:
            found = places_of(learn=True, is_dry=False, now=self.now)([name] if name else [])
            self.placed[str(asked)] = found.get(name)
        place = self.placed[str(asked)]
        data = {one: value for one, value in told.data.items() if one != "location_id"}
        return told._replace(
            location="", data=data if place is None else {**data, "location_id": str(place)}
        )

    def settle(self) -> None:
        """Has today's list know what was told of long ago; opens a transaction."""
        if not self.is_dry:
            with transaction.atomic():
                settle_all(self.known | self.added, source=FILES, now=self.now)

    def result(self, tables: Tables, rows: int, kind: OwnKind) -> Imported:
        """What has become of every row."""
        rejected = Counter(why for *_, why in self.rejected)
        if tables.ragged:
            rejected["ragged"] = len(tables.ragged)
        return Imported(
            rows=rows + len(tables.ragged),
            rejected=dict(sorted(rejected.items())),
            recorded=dict(+self.recorded),
            duplicates=self.duplicates,
            claimed=self.claimed,
            customers=len(self.added),
            recognised={"external": len(self.known)} if self.known else {},
            of_nobody=self.of_nobody,
            effects=self.effects,
            notes=(*tables.notes, *_notes(kind, self.others[REFERRAL])),
            is_dry=self.is_dry,
        )


def _is_told(
    claims: Mapping[tuple[UUID, UUID], ToldClaim],
    told: Incoming,
    who: UUID | None,
    sender: UUID | None,
) -> bool:
    """Whether somebody told that claim of the same moment here, or took it back."""
    if told.type != REFERRAL or who is None or sender is None:
        return False
    claim = claims.get((sender, who))
    return claim is not None and (claim.is_taken_back or told.occurred_at in claim.moments)


def _why_not(row: OwnRow, who: UUID | None, sender: UUID | None, ids: OwnIds) -> str | None:
    """Why a row cannot be taken in, of `REASONS`; None where it can."""
    if row.is_taken_back:
        return TAKEN_BACK
    if who in ids.erased and who not in row.erased:
        return ERASED
    return SELF_REFERRAL if who is not None and who == sender else None


def _as_it_was(told: Incoming) -> NewEvent:
    """What is told of somebody who was erased: nobody is looked for, and nothing follows."""
    return NewEvent(
        type=told.type,
        source=told.source,
        key=told.key,
        customer_id=told.customer_id,
        occurred_at=told.occurred_at,
        data=told.data,
    )


def _notes(kind: OwnKind, referrals: int) -> Iterator[str]:
    """What is said of a table besides."""
    yield gettext("The file is read as an export of {system}.").format(system="Regulars")
    if kind == "purchases" and referrals:
        yield ngettext(
            "It also tells {count} time who brought whom; for that, take it in as “Who brought whom” (referrals) too.",
            "It also tells {count} times who brought whom; for that, take it in as “Who brought whom” (referrals) too.",
            referrals,
        ).format(count=number_text(referrals))
