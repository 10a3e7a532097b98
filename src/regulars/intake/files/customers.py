"""Files of customers: who they are, what they like, who brought them."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from regulars.insight import Source, open_engine
from regulars.insight.reading.dates import zone_of
from regulars.intake.files.business import Ground
from regulars.intake.files.customer_rows import Row, read_customers
from regulars.intake.files.directory import Directory
from regulars.intake.files.errors_file import NOWHERE, Errors
from regulars.intake.files.moments import local_noon
from regulars.intake.files.result import Imported
from regulars.intake.services import Incoming, record
from regulars.kernel.actor import Actor
from regulars.kernel.language import gettext
from regulars.kernel.progress import Progress, unheard
from regulars.people.bulk import Told, add_many, tell_more
from regulars.people.errors import AlreadyMerged
from regulars.people.queries import known_by_name_alone
from regulars.people.services import merge, note_told_together

SOURCE = "file"
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
        read = read_customers(
            engine,
            source,
            ground,
            today=now.astimezone(zone_of(ground.time_zone)).date(),
            progress=progress,
        )
        errors.write(read.set_aside.write_rejected)
    rows = read.rows
    directory, counted = Directory(), Counted()
    for start in range(0, len(rows), CHUNK_ROWS):
        directory.look_up(key for row in rows[start : start + CHUNK_ROWS] for key in row.identities)
    directory.known.unreached = known_by_name_alone()
    directory.known.expect(key for row in rows for key in row.identities if key[0] == "external")
    customers: list[UUID] = []
    for start in range(0, len(rows), CHUNK_ROWS):
        progress(gettext("Adding customers"), start / len(rows) / 2)
        chunk = rows[start : start + CHUNK_ROWS]
        with transaction.atomic():
            customers += _add(
                chunk, directory, counted, ground=ground, actor=actor, now=now, is_dry=is_dry
            )
    # Only now is it known whether anybody in the file is called just as a sender is.
    sent = [
        pair
        for pair in zip(customers, rows, strict=True)
        if pair[1].came_through or pair[1].sender is not None
    ]
    for start in range(0, len(sent), CHUNK_ROWS):
        progress(gettext("Adding customers"), 0.5 + start / len(sent) / 2)
        pairs = sent[start : start + CHUNK_ROWS]
        with transaction.atomic():
            _send(pairs, directory, counted, ground=ground, actor=actor, now=now, is_dry=is_dry)
    return Imported(
        rows=len(rows) + sum(read.rejected.values()),
        rejected=read.rejected,
        kept=read.kept,
        recorded={"referral.recorded": counted.referrals} if counted.referrals else {},
        duplicates=counted.duplicates,
        customers=len(directory.strangers),
        known=len(counted.known),
        again=len(rows) - len(set(customers)),
        senders=len(directory.strangers.difference(customers)),
        recognised=dict(Counter(directory.recognised.values())),
        doubtful=len(directory.doubtful),
        effects=counted.effects,
        notes=read.notes,
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
    ground: Ground,
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
            since=said.since
            or (None if row.day is None else local_noon(row.day, ground.time_zone)),
        )
    counted.known |= told.keys() - directory.strangers
    _tell(told, directory, before, actor=actor, now=now, is_dry=is_dry)
    return customers


def _tell(
    told: Mapping[UUID, Told],
    directory: Directory,
    before: set[UUID],
    *,
    actor: Actor,
    now: datetime,
    is_dry: bool,
) -> None:
    """Adds whoever is a stranger since `before`, and to the others what was not known of them."""
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
    directory.look_up(row.sender for _, row in pairs if row.sender is not None)
    told: dict[UUID, Told] = {}
    through: dict[UUID, tuple[UUID, Row]] = {}
    for friend, row in pairs:
        if row.sender is None:
            sender = directory.find_sender(row.came_through, friend=friend)
            told.setdefault(sender, Told(id=sender, name=row.came_through))
        else:
            sender = directory.find("", (row.sender,))
            told.setdefault(sender, Told(id=sender))
        if sender != friend:
            through[friend] = (sender, row)
    _tell(told, directory, before, actor=actor, now=now, is_dry=is_dry)
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
