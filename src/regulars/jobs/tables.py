"""Everything as a table: customers, events and scores, as CSV, Parquet or JSON, in constant memory."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pyarrow as pa
from django.db import connection, transaction

from regulars.insight.errors import CannotWrite
from regulars.jobs.core import Table
from regulars.jobs.errors import FileExists, UnknownForm
from regulars.jobs.forms import FORMS, Form
from regulars.kernel.language import gettext
from regulars.kernel.money import major
from regulars.kernel.progress import Progress, unheard
from regulars.people.models import Alias, Customer, Identity, Preference
from regulars.people.queries import (
    Claim,
    everyone,
    kept_ids,
    location_names,
    present_of,
    standing,
)
from regulars.scoring.models import Score
from regulars.scoring.queries import latest_run
from regulars.stream.models import Event

ROWS_AT_ONCE = 5_000
APART = "; "
MOMENT = pa.timestamp("us", "UTC")
SENDER = "sender_id"  # the one id of a customer in what an event says
# The columns in which one identity of a kind stands; what a customer has besides is in the last.
OWN_COLUMN = {"email": "email", "phone": "phone", "external": "external_id"}

CUSTOMERS = pa.schema(
    [
        ("customer_id", pa.string()),
        ("name", pa.string()),
        ("email", pa.string()),
        ("phone", pa.string()),
        ("external_id", pa.string()),
        ("likes", pa.string()),
        ("came_through_id", pa.string()),
        ("came_through_at", MOMENT),
        ("location", pa.string()),
        ("other_identities", pa.string()),
        ("created_at", MOMENT),
        ("known_since", MOMENT),
    ]
)
EVENTS = pa.schema(
    [
        ("id", pa.string()),
        ("type", pa.string()),
        ("version", pa.int32()),
        ("source", pa.string()),
        ("key", pa.string()),
        ("customer_id", pa.string()),
        ("occurred_at", MOMENT),
        ("recorded_at", MOMENT),
        ("recorded_by", pa.string()),
        ("replaces", pa.string()),
        # Of purchases and refunds, as files of them have it: in major units, what is given back below 0.
        ("amount", pa.float64()),
        ("currency", pa.string()),
        ("order_id", pa.string()),
        ("refund_of", pa.string()),
        ("location", pa.string()),
        # Of the ids in the row, those of customers who were erased.
        ("erased", pa.string()),
        ("data", pa.string()),
    ]
)

# Money in minor units of the run's currency.
SCORES = pa.schema(
    [
        ("customer_id", pa.string()),
        ("name", pa.string()),
        ("until", pa.date32()),
        ("currency", pa.string()),
        ("value", pa.string()),
        ("life_cycle", pa.string()),
        ("slipping", pa.string()),
        ("purchases", pa.int64()),
        ("first_day", pa.date32()),
        ("last_day", pa.date32()),
        ("usual_gap_days", pa.float64()),
        ("silent_days", pa.int64()),
        ("r", pa.int32()),
        ("f", pa.int32()),
        ("v", pa.int32()),
        ("value_to_date", pa.int64()),
        ("p_alive", pa.float64()),
        ("expected_purchases", pa.float64()),
        ("clv", pa.int64()),
        ("clv_low", pa.int64()),
        ("clv_high", pa.int64()),
        ("friends", pa.int64()),
        ("sender_value", pa.int64()),
        ("engagement_share", pa.int64()),
    ]
)
OWN_TO_SCORES = tuple(
    name
    for name in SCORES.names
    if name not in ("customer_id", "name", "until", "currency", "value")
)


def export(
    *, what: Table, path: Path, since: datetime | None = None, progress: Progress = unheard
) -> int:
    """Writes a table to a file, whole or not at all, as it is at one moment.

    Args:
        what: Customers, events, or the latest scores.
        path: The file; its name says CSV, Parquet, JSON or JSON lines.
        since: Of events, only those that were recorded from then on; the other tables are always whole.
        progress: Told about each stage.

    Returns:
        How many rows it has.

    Raises:
        FileExists: There is such a file.
        UnknownForm: Its name does not say what it is to be.
        CannotWrite: There is no room, or no right to write there; nothing is left there.
    """
    form = path.suffix.lower()
    if form not in FORMS:
        raise UnknownForm(path=path)
    if path.exists():
        raise FileExists(path=path)
    try:
        return _written(what, path, FORMS[form], since, progress)
    except OSError as error:
        raise CannotWrite(path=path) from error


def _written(
    what: Table, path: Path, in_form: Form, since: datetime | None, progress: Progress
) -> int:
    schema, batches = TABLES[what]
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.part")
    rows = 0
    stage = gettext("Exporting")
    try:
        with ExitStack() as stack:
            write = in_form(stack, beside, schema)
            stack.enter_context(one_moment())
            for batch in events(since) if what == "events" else batches():
                write(pa.Table.from_pylist(batch, schema))
                rows += len(batch)
                progress(stage)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return rows


@contextmanager
def one_moment() -> Iterator[None]:
    """Everything read inside the block is as it is at one moment, and nobody who writes waits for it."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    else:
        connection.ensure_connection()
        before = connection.transaction_mode  # type: ignore[attr-defined]
        connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]
        try:
            with transaction.atomic():
                yield
        finally:
            connection.transaction_mode = before  # type: ignore[attr-defined]


def customers() -> Iterator[list[dict[str, Any]]]:
    """Customers with what identifies them, a person once, in the order in which they were added."""
    shown = Customer.objects.exclude(id__in=Alias.objects.values("merged_id"))
    for people in _in_batches(shown.order_by("created_at", "id")):
        whose = everyone([person.id for person in people])
        identities: dict[UUID, list[tuple[str, str]]] = defaultdict(list)
        held = Identity.objects.filter(customer_id__in=whose).order_by("id")
        # What is the shown one's own comes before what came by a merge.
        for customer, kind, value in sorted(
            held.values_list("customer_id", "kind", "value"),
            key=lambda row: whose[row[0]] != row[0],
        ):
            identities[whose[customer]].append((kind, value))
        likes: dict[UUID, list[str]] = defaultdict(list)
        for customer, text in (
            Preference.objects.filter(customer_id__in=whose, kind=Preference.LIKES)
            .order_by("id")
            .values_list("customer_id", "text")
        ):
            likes[whose[customer]].append(text)
        through = _came_through(whose)
        places = dict(location_names())
        yield [
            {
                "customer_id": str(person.id),
                "name": person.name,
                **_by_column(identities[person.id]),
                "likes": APART.join(dict.fromkeys(likes[person.id])) or None,
                **_brought(through.get(person.id)),
                "location": places.get(str(person.location_id)),
                "created_at": person.created_at,
                "known_since": person.known_since,
            }
            for person in people
        ]


def _brought(claim: Claim | None) -> Mapping[str, Any]:
    """Who brought somebody, and when, as cells."""
    if claim is None:
        return {"came_through_id": None, "came_through_at": None}
    return {"came_through_id": str(claim.sender_id), "came_through_at": claim.occurred_at}


def _came_through(whose: Mapping[UUID, UUID]) -> dict[UUID, Claim]:
    """Who brought some persons, of those who are there, by the claims that stand; by who is shown."""
    stands = standing(set(whose.values()))
    present = present_of(one.sender_id for one in stands.values())
    return {
        friend: one
        for friend, one in stands.items()
        if friend in whose and one.sender_id in present
    }


def events(since: datetime | None = None) -> Iterator[list[dict[str, Any]]]:
    """Events in the order of the log, each with who is shown for its customer; if told, since a moment.

    Of all of them those that stand; since a moment all, as who has what was before learns what it is replaced by.
    """
    told_since = Event.told.filter(recorded_at__gte=since) if since else Event.objects.all()
    for batch in _in_batches(told_since.order_by("position")):
        kept = kept_ids({one for event in batch for one in _whom(event)})
        gone = set(kept.values()) - present_of(kept.values())
        places = dict(location_names())
        yield [
            {
                "id": str(event.id),
                "type": event.type,
                "version": event.version,
                "source": event.source,
                "key": event.told_key,
                "customer_id": str(kept[event.customer_id]) if event.customer_id else None,
                "occurred_at": event.occurred_at,
                "recorded_at": event.recorded_at,
                "recorded_by": event.recorded_by,
                "replaces": str(event.replaces) if event.replaces else None,
                **_paid(event),
                "location": places.get(event.data.get("location_id", "")),
                "erased": APART.join(
                    sorted({str(kept[one]) for one in _whom(event) if kept[one] in gone})
                )
                or None,
                "data": json.dumps(_as_shown(event.data, kept), ensure_ascii=False),
            }
            for event in batch
        ]


def _whom(event: Event) -> list[UUID]:
    """The customers whom an event names: whom it is about, and who sent them."""
    sender = [UUID(event.data[SENDER])] if SENDER in event.data else []
    return [*sender, event.customer_id] if event.customer_id else sender


def _paid(event: Event) -> Mapping[str, Any]:
    """What changed hands, as far as something did."""
    total = event.data.get("total")
    if not total:
        return {}
    amount = major(total["amount_minor"], total["currency"])
    return {
        "amount": -amount if event.type == "purchase.refunded" else amount,
        "currency": total["currency"],
        "order_id": event.data.get("order_id"),
        "refund_of": event.data.get("refund_of"),
    }


def _as_shown(data: Mapping[str, Any], kept: Mapping[UUID, UUID]) -> Mapping[str, Any]:
    return {**data, SENDER: str(kept[UUID(data[SENDER])])} if SENDER in data else data


def scores() -> Iterator[list[dict[str, Any]]]:
    """What the latest run found about everybody, a person once, under whom they are now."""
    run = latest_run()
    if run is None:
        return
    for batch in _in_batches(Score.objects.filter(run=run).order_by("id")):
        names = Customer.objects.in_bulk([score.customer_id for score in batch])
        yield [
            {
                "customer_id": str(score.customer_id),
                "name": person.name if (person := names.get(score.customer_id)) else None,
                "until": run.until,
                "currency": run.currency,
                "value": score.quadrant,
                **{name: getattr(score, name) for name in OWN_TO_SCORES},
            }
            for score in batch
        ]


TABLES: Mapping[Table, tuple[pa.Schema, Callable[[], Iterator[list[dict[str, Any]]]]]] = {
    "customers": (CUSTOMERS, customers),
    "events": (EVENTS, events),
    "scores": (SCORES, scores),
}


def _by_column(identities: Sequence[tuple[str, str]]) -> Mapping[str, str | None]:
    cells: dict[str, str | None] = {}
    others = []
    for kind, value in identities:
        column = OWN_COLUMN.get(kind)
        if column is None or column in cells:
            others.append(f"{kind}:{value}")
        else:
            cells[column] = value
    return {**cells, "other_identities": APART.join(others) or None}


def _in_batches(rows: Any) -> Iterator[list[Any]]:
    batch: list[Any] = []
    for row in rows.iterator(chunk_size=ROWS_AT_ONCE):
        batch.append(row)
        if len(batch) == ROWS_AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch
