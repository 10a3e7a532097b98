"""Files of customers: who they are, what they like, who brought them."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import transaction

from regulars.insight import Source, open_engine
from regulars.insight.errors import HeaderOnly
from regulars.insight.reading.date_survey import zone_of
from regulars.intake.files.beside import LOCATION
from regulars.intake.files.business import Ground
from regulars.intake.files.customer_columns import map_customers
from regulars.intake.files.customer_rows import CustomerRows, Row, read_customers
from regulars.intake.files.directory import Directory
from regulars.intake.files.errors_file import NOWHERE, Errors
from regulars.intake.files.moments import local_noon
from regulars.intake.files.no_rows import nothing_in
from regulars.intake.files.own import is_own_customers
from regulars.intake.files.places import places_of
from regulars.intake.files.result import Imported
from regulars.intake.files.told_claims import told_claims
from regulars.intake.files.who import make_them_one
from regulars.intake.services import Incoming, record
from regulars.kernel.actor import Actor
from regulars.kernel.language import gettext
from regulars.kernel.progress import Progress, unheard
from regulars.people.bulk import Told, add_many, tell_more
from regulars.people.core import IdentityKey
from regulars.people.queries import everyone, kept_ids, known_by_name_alone
from regulars.people.services import note_told_together
from regulars.stream.models import Event
from regulars.stream.refunding import FILES
from regulars.stream.services import Appended, told_before

T = TypeVar("T")
SOURCE = FILES
CHUNK_ROWS = 1_000


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
    with open_engine() as engine:
        try:
            read = read_customers(
                engine,
                source,
                ground,
                places=places_of(
                    learn=LOCATION in source.columns or is_own_customers(source),
                    is_dry=is_dry,
                    now=now,
                    with_closed=False,
                ),
                today=now.astimezone(zone_of(ground.time_zone)).date(),
                progress=progress,
            )
        except HeaderOnly as empty:
            asked = source.columns
            return nothing_in(
                empty, columns=asked, map_columns=map_customers, errors=errors, is_dry=is_dry
            )
        errors.write(read.set_aside.write_rejected)
    taking = _Taking(read=read, ground=ground, actor=actor, now=now, is_dry=is_dry)
    taking.look_up()
    stage, customers = gettext("Adding customers"), []
    for done, chunk in _chunks(read.rows):
        progress(stage, done / 2)
        with transaction.atomic():
            customers += taking.add(chunk)
    # Only now is it known whether anybody in the file is called just as a sender is.
    sent = [pair for pair in zip(customers, read.rows, strict=True) if pair[1].is_sent]
    for done, pairs in _chunks(sent):
        progress(stage, 0.5 + done / 2)
        with transaction.atomic():
            taking.send(pairs)
    return taking.told(customers)


def _keys(senders: Mapping[UUID, UUID]) -> dict[UUID, str]:
    """By what the log knows who brought some friends: once by files, but for another than was taken back.

    Of whole persons: a file may have told it of somebody who is part of another by now.
    """
    theirs = _everybody((*senders, *senders.values()))
    told = {friend: [f"came_through:{one}" for one in theirs[friend]] for friend in senders}
    before = told_before({(SOURCE, key) for some in told.values() for key in some})
    keys = {friend: _first_told(some, before) for friend, some in told.items()}
    wrong = _taken_back(before)
    others = {
        friend: [f"{keys[friend]}:{one}" for one in theirs[sender]]
        for friend, sender in senders.items()
        if wrong.get(keys[friend], sender) not in theirs[sender]
    }
    before = told_before({(SOURCE, key) for some in others.values() for key in some})
    return keys | {friend: _first_told(some, before) for friend, some in others.items()}


def _everybody(customers: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """Every id of the person whom each of some customers is part of, their own first."""
    asked = set(customers)
    shown, persons = kept_ids(asked), defaultdict(list)
    for one, person in sorted(everyone(asked).items()):
        persons[person].append(one)
    return {one: [one, *(two for two in persons[shown[one]] if two != one)] for one in asked}


def _first_told(keys: Sequence[str], before: Collection[tuple[str, str]]) -> str:
    """The first of some keys under which something was told, or the first of all."""
    return next((key for key in keys if (SOURCE, key) in before), keys[0])


def _taken_back(before: Mapping[tuple[str, str], Appended]) -> dict[str, UUID]:
    """Who was said, wrongly, to have brought somebody, by the keys under which it was told."""
    ids = [one.id for one in before.values() if one.customer_id is None]
    found = Event.objects.filter(id__in=ids)
    return {one.told_key: UUID(one.data["sender_id"]) for one in found}


def _chunks(rows: Sequence[T]) -> Iterator[tuple[float, Sequence[T]]]:
    """Rows by the thousand, each with the share that is done before."""
    for start in range(0, len(rows), CHUNK_ROWS):
        yield start / len(rows), rows[start : start + CHUNK_ROWS]


@dataclass(kw_only=True)
class _Taking:
    """Taking in the rows of a file, and what has become of them so far."""

    read: CustomerRows
    ground: Ground
    actor: Actor
    now: datetime
    is_dry: bool
    directory: Directory = field(default_factory=Directory)
    known: set[UUID] = field(default_factory=set)
    own: dict[str, UUID] = field(default_factory=dict)
    referrals: int = 0
    duplicates: int = 0
    effects: int = 0

    def look_up(self) -> None:
        """Finds out who in the file is known."""
        known = self.directory.known
        for _, rows in _chunks(self.read.rows):
            self.directory.look_up(key for row in rows for key in row.identities)
        for _, ids in _chunks(sorted(self.read.own.here)):
            self.directory.look_up_own(ids)
        known.unreached = known_by_name_alone()
        known.expect(called for row in self.read.rows for called in row.called)

    def add(self, rows: Sequence[Row]) -> list[UUID]:
        """Writes who stands in some rows, and says who it is; to be called inside a transaction."""
        before = set(self.directory.strangers)
        told: dict[UUID, Told] = {}
        customers = []
        for row in rows:
            customer = self.directory.find(row.name, row.identities, own=row.own)
            customers.append(customer)
            if row.own_id:
                self.own.setdefault(row.own_id, customer)
            said = told.get(customer, Told(id=customer))
            told[customer] = Told(
                id=customer,
                name=said.name or row.name,
                likes=tuple(dict.fromkeys((*said.likes, *row.likes))),
                since=said.since or self._since(row),
                location=said.location or self.read.homes.get(row.location),
            )
        self.known |= told.keys() - self.directory.strangers
        self._tell(told, before)
        return customers

    def send(self, pairs: Sequence[tuple[UUID, Row]]) -> None:
        """Writes who brought some customers; to be called inside a transaction."""
        through = self._not_told(self._senders(pairs))
        keys = _keys({friend: sender for friend, (sender, _) in through.items()})
        if self.is_dry:
            before = told_before({(SOURCE, key) for key in keys.values()})
            known = sum((SOURCE, key) in before for key in keys.values())
            self.referrals += len(keys) - known
            self.duplicates += known
            return
        recorded = record(
            incoming=[
                Incoming(
                    type="referral.recorded",
                    source=SOURCE,
                    key=keys[friend],
                    occurred_at=self._came(row),
                    customer_id=friend,
                    data={"sender_id": str(sender)},
                )
                for friend, (sender, row) in through.items()
            ],
            region=self.ground.region,
            actor=self.actor,
            now=self.now,
        )
        fresh = sum(one.status == "recorded" for one in recorded)
        self.referrals += fresh
        self.duplicates += len(recorded) - fresh
        self.effects += sum(len(one.effects) for one in recorded)

    def _senders(self, pairs: Sequence[tuple[UUID, Row]]) -> dict[UUID, tuple[UUID, Row]]:
        """Who brought some customers, each with the customer's row; adds those whom nobody knows."""
        directory, before = self.directory, set(self.directory.strangers)
        # What is no address and no phone is a name, unless it is somebody's number.
        by_row = ((friend, self._through(row), row) for friend, row in pairs)
        through = {
            friend: (sender, row)
            for friend, sender, row in by_row
            if sender is not None and sender != friend
        }
        pairs = [(friend, row) for friend, row in pairs if row.sender or row.came_through]
        keys: list[IdentityKey] = [row.sender or ("external", row.came_through) for _, row in pairs]
        directory.look_up(keys)
        told: dict[UUID, Told] = {}
        for (friend, row), key in zip(pairs, keys, strict=True):
            if row.sender is not None or key in directory.known.owners:
                sender = directory.find("", (key,))
                told.setdefault(sender, Told(id=sender))
            else:
                sender = directory.find_sender(row.came_through, friend=friend)
                told.setdefault(sender, Told(id=sender, name=row.came_through))
            if sender != friend:
                through[friend] = (sender, row)
        self._tell(told, before)
        return through

    def _through(self, row: Row) -> UUID | None:
        """Who brought somebody, by another row's name for them, or by an id of ours."""
        found = self.own.get(row.through_id)
        if found is None and row.through in self.read.own.here:
            found = row.through
        return found

    def _not_told(self, through: dict[UUID, tuple[UUID, Row]]) -> dict[UUID, tuple[UUID, Row]]:
        """Who brought some customers, but for what a table that we wrote tells, and the log has by whomever."""
        ours = {friend for friend, (_, row) in through.items() if row.own is not None}
        if not ours:
            return through
        claims = told_claims(ours)
        shown = kept_ids({*ours, *(through[friend][0] for friend in ours)})
        again = {one for one in ours if (shown[through[one][0]], shown[one]) in claims}
        self.duplicates += len(again)
        return {friend: one for friend, one in through.items() if friend not in again}

    def told(self, customers: Sequence[UUID]) -> Imported:
        """What has become of every row.

        Args:
            customers: Of the rows, in their order.
        """
        read, directory = self.read, self.directory
        return Imported(
            rows=len(read.rows) + sum(read.rejected.values()),
            rejected=read.rejected,
            kept=read.kept,
            recorded={"referral.recorded": self.referrals} if self.referrals else {},
            duplicates=self.duplicates,
            customers=len(directory.strangers),
            known=len(self.known),
            again=len(read.rows) - len(set(customers)),
            senders=len(directory.strangers.difference(customers)),
            recognised=dict(Counter(directory.recognised.values())),
            doubtful=len(directory.doubtful),
            effects=self.effects,
            notes=read.notes,
            is_dry=self.is_dry,
        )

    def _since(self, row: Row) -> datetime | None:
        """Since when somebody is a customer; None where that is what their page says already."""
        since = row.moment or (None if row.day is None else self._noon(row.day))
        known = self.read.own.here.get(row.own) if row.own else None
        if since is not None and known is not None:
            zone = zone_of(self.ground.time_zone)
            return None if since.astimezone(zone).date() == known.astimezone(zone).date() else since
        return since

    def _came(self, row: Row) -> datetime:
        """When somebody was brought."""
        if row.came_at is not None and row.came_at <= self.now:
            return row.came_at
        return row.moment or (self.now if row.day is None else self._noon(row.day))

    def _noon(self, day: int) -> datetime:
        return local_noon(day, self.ground.time_zone)

    def _tell(self, told: Mapping[UUID, Told], before: set[UUID]) -> None:
        """Adds whoever is a stranger since `before`, and to the others what was not known of them."""
        known, directory = self.directory.known, self.directory
        given, known.given = known.given, defaultdict(list)
        joined, known.joined = known.joined, []
        if self.is_dry:
            known.merges, known.said = [], []
            return
        new = directory.strangers - before
        everybody = [replace(one, identities=tuple(given[one.id])) for one in told.values()]
        actor, now = self.actor, self.now
        strangers = [one for one in everybody if one.id in new]
        strangers += [Told(id=one) for one in joined]
        add_many(people=strangers, actor=actor, now=now)
        make_them_one(known, actor=actor, now=now)
        known.merges, known.said = [], []
        tell_more(people=[one for one in everybody if one.id not in new], actor=actor, now=now)
        note_told_together(known.together, now=self.now)
