"""The words of the pages of long work."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID
from zoneinfo import ZoneInfo

from regulars.insight.reading.rejects import OWN_COLUMNS
from regulars.intake.files import Imported, counted, reasons
from regulars.jobs import files, queries
from regulars.jobs.core import DONE, EXPORT, FAILED, IMPORT, STATES, TABLES, TAKEN, WAITING
from regulars.jobs.errors import FileGone
from regulars.jobs.models import Job
from regulars.kernel.actor import parsed
from regulars.kernel.language import gettext, mark, ngettext
from regulars.kernel.words import date_text, list_text, number_text, percent_text, time_text
from regulars.people.models import Employee

PROBLEMS_SHOWN = 5
WAITS_LONG_SECONDS = 20
TAKEN_NAMES = {
    "purchases": (mark("Purchases"), mark("What was bought, with refunds among it.")),
    "refunds": (mark("Refunds"), mark("What was taken back, in a file of its own.")),
    "referrals": (mark("Who brought whom"), mark("Who sent, who came, and when.")),
    "customers": (mark("Customers"), mark("Who they are and what they like.")),
}
TABLE_NAMES = {
    "customers": (
        mark("Customers"),
        mark("Names, what they are recognised by, what they like, who brought them."),
    ),
    "events": (
        mark("Everything that happened"),
        mark("Purchases, visits, referrals, by ids alone."),
    ),
    "scores": (mark("Scores"), mark("What the latest run found about everybody.")),
}
FORM_NAMES = {
    "csv": mark("CSV, for a spreadsheet"),
    "parquet": mark("Parquet, for analysis"),
    "json": "JSON",
    "jsonl": mark("JSON, a line each"),
}
COLUMN_NAMES = {
    "customer_id": mark("Customer: address, phone or number"),
    "occurred_at": mark("When"),
    "amount": mark("Amount"),
    "quantity": mark("Quantity"),
    "unit_price": mark("Price of one"),
    "customer_name": mark("Customer’s name"),
    "order_id": mark("Number of the order or receipt"),
    "currency": mark("Currency"),
    "refund_of": mark("Order that is refunded"),
    "margin": mark("Margin"),
    "refunded_amount": mark("Amount refunded"),
    "item": mark("What was bought"),
    "location": mark("At which place"),
    "sender_id": mark("Who sent"),
    "friend_id": mark("Who came"),
    "name": mark("Name"),
    "first_name": mark("First name"),
    "last_name": mark("Last name"),
    "email": mark("E-mail address"),
    "phone": mark("Phone"),
    "likes": mark("What they like"),
    "came_through": mark("Who brought them"),
    "since": mark("Customer since"),
}
OWN_NAMES = {
    ("customers", "customer_id"): mark("Customer number"),
    ("customers", "location"): mark("Where they are at home"),
}
REASON_NAMES = {
    "no_customer": mark("nobody is named"),
    "no_sender": mark("it does not say who sent"),
    "no_friend": mark("it does not say who came"),
    "nobody": mark("nobody is named"),
    "bad_date": mark("the date cannot be read"),
    "bad_amount": mark("the amount cannot be read"),
    "bad_currency": mark("the currency is unknown"),
    "bad_email": mark("the e-mail address cannot be one"),
    "bad_phone": mark("the phone number cannot be one"),
    "phone_needs_country": mark("the phone number needs its country"),
    "no_rate": mark("there is no exchange rate"),
    "cancelled": mark("the order was cancelled or never paid"),
    "after_until": mark("it is still to come"),
    "repeated_line": mark("it repeats a line of its order"),
    "ragged": mark("it does not fit the header"),
    "bad_since": mark("the date cannot be read"),
    "since_ahead": mark("it is still to come"),
    "unknown_location": mark("the place is none of ours"),
    "self_referral": mark("somebody would have brought themselves"),
    "bad_came_through": mark("who brought them is no e-mail address that can be one"),
    "bad_order_id": mark("the order number is too long, or has characters that nobody sees"),
    "receipt_conflict": mark(
        "the order was told with another amount before: tell the difference as a refund or a purchase "
        "with a number of its own"
    ),
}

# What a command says with its options is said of the page here.
SAID_HERE = {
    "ragged_file": mark(
        "Some lines do not fit the header. Mend the file, or set them aside below."
    ),
    "mixed_currencies": mark(
        "The file has amounts in several currencies. “regulars import” takes it with --currency-rates."
    ),
}


@dataclass(frozen=True)
class Problem:
    """A row that could not be used.

    Attributes:
        line: Of the file.
        reason: In words.
        cells: What it says, shortened.
    """

    line: str
    reason: str
    cells: str


@dataclass(frozen=True)
class Standing:
    """A job on a page.

    Attributes:
        id: Of the job.
        kind: Of work.
        state: Of `regulars.jobs.core.STATES`.
        heading: What it is.
        told: How it stands, in a sentence.
        percent: How far it is, 0 to 100, or None.
        when: It was asked for or over, and by whom.
        lines: What it came to.
        has_file: Whether there is something to fetch.
    """

    id: UUID
    kind: str
    state: str
    heading: str
    told: str
    percent: int | None
    when: str
    lines: tuple[str, ...]
    has_file: bool

    @property
    def is_open(self) -> bool:
        """Whether something is still to come."""
        return self.state not in (DONE, FAILED)


def standing_of(job: Job, *, zone: str, names: Mapping[str, str], now: datetime) -> Standing:
    """A job as a page shows it.

    Args:
        job: As it stands.
        zone: Of the business.
        names: Of whoever asked, by how an actor is written.
        now: When.
    """
    return Standing(
        id=job.id,
        kind=job.kind,
        state=job.state,
        heading=_heading(job),
        told=_told(job, now),
        percent=None if job.fraction is None else round(job.fraction * 100),
        when=_when(job.finished_at or job.asked_at, zone, names.get(job.asked_by, "")),
        lines=_lines(job),
        has_file=_has_file(job, now),
    )


def names_of(jobs: Iterable[Job]) -> dict[str, str]:
    """Who asked for jobs, by how an actor is written."""
    asked = {job.asked_by: parsed(job.asked_by) for job in jobs}
    ids = [actor.id for actor in asked.values() if actor.kind == "employee"]
    employees = {str(one.id): one.name for one in Employee.objects.filter(id__in=ids)}
    others = {
        "key": gettext("by the API"),
        "system": gettext("by itself, at night"),
        "command": gettext("by command"),
    }
    return {
        text: employees.get(actor.id, others.get(actor.kind, "")) for text, actor in asked.items()
    }


def taken_choices() -> list[tuple[str, str, str]]:
    """What a file may hold: value, name, meaning."""
    return [_choice(what, TAKEN_NAMES[what]) for what in TAKEN]


def table_choices() -> list[tuple[str, str, str]]:
    """What may be taken out: value, name, meaning."""
    return [_choice(table, TABLE_NAMES[table]) for table in TABLES]


def form_choices() -> list[tuple[str, str]]:
    """Forms of a file: value and name."""
    return [(form, gettext(name)) for form, name in FORM_NAMES.items()]


def column_name(what: str, column: str) -> str:
    """What a column of ours is called on a page."""
    return gettext(OWN_NAMES.get((what, column), COLUMN_NAMES[column]))


def problems_of(job: Job, *, now: datetime) -> tuple[Problem, ...]:
    """The first rows that an import could not use."""
    try:
        path = queries.written_by(job, now=now)
    except FileGone:
        return ()
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream)
        return tuple(_problem(row) for row in islice(rows, PROBLEMS_SHOWN))


def size_text(size_bytes: int) -> str:
    """How large a file is."""
    if size_bytes < 1_000_000:  # noqa: PLR2004
        return f"{number_text(max(size_bytes / 1_000, 1))} kB"
    return f"{number_text(size_bytes / 1_000_000, digits=1)} MB"


def moment_text(moment: datetime, zone: str) -> str:
    """A moment by the business's clock: "30 June 2026, 09:30"."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{date_text(local.date())}, {time_text(local)}"


def _choice(value: str, words: tuple[str, str]) -> tuple[str, str, str]:
    name, meaning = words
    return value, gettext(name), gettext(meaning)


def _problem(row: Mapping[str, str]) -> Problem:
    own = (*OWN_COLUMNS, "text")
    cells: Sequence[str] = [cell for name, cell in row.items() if name not in own and cell]
    told = row.get("text") or " · ".join(cells)
    reason = row["reason"]
    return Problem(row["line"], gettext(REASON_NAMES.get(reason, reason)), told[:160])


def _heading(job: Job) -> str:
    if job.kind == IMPORT:
        name, _ = TAKEN_NAMES[job.options["what"]]
        return gettext(name)
    if job.kind == EXPORT:
        name, _ = TABLE_NAMES[job.options["table"]]
        form = FORM_NAMES[job.options["form"]]
        parts = [gettext(name), gettext(form)]
        if asked := job.options.get("since"):
            day = date_text(datetime.fromisoformat(asked).date())
            parts.append(gettext("since {day}").format(day=day))
        return " · ".join(parts)
    return gettext("Score everybody")


def _told(job: Job, now: datetime) -> str:
    if job.state == FAILED:
        if job.error in SAID_HERE:
            return gettext(SAID_HERE[job.error])
        return queries.why_failed(job)
    if job.state == WAITING:
        waits = (now - job.asked_at).total_seconds()
        if waits > WAITS_LONG_SECONDS and not job.taken:
            return gettext("Waits for its turn. Is a worker running?")
        return job.stage or gettext("Waits for its turn")
    if job.state == DONE:
        return gettext(STATES[DONE])
    stage = job.stage or gettext("Begins")
    return stage if job.fraction is None else f"{stage} · {percent_text(job.fraction)}"


def _when(moment: datetime, zone: str, name: str) -> str:
    return " · ".join(filter(None, (moment_text(moment, zone), name)))


def _lines(job: Job) -> tuple[str, ...]:
    if job.state != DONE:
        return ()
    if job.kind == IMPORT:
        told = Imported.from_json(job.result)
        lines = counted(told)
        if told.rejected:
            set_aside = gettext("Set aside: {reasons}.").format(reasons=list_text(reasons(told)))
            lines.append(set_aside)
        return tuple(lines)
    if job.kind == EXPORT:
        rows = job.result["rows"]
        said = ngettext("{count} row", "{count} rows", rows)
        return (said.format(count=number_text(rows)), size_text(job.result["size_bytes"]))
    return ()


def _has_file(job: Job, now: datetime) -> bool:
    if job.state != DONE or not files.job_folder(job.id).is_dir():
        return False
    try:
        queries.written_by(job, now=now)
    except FileGone:
        return False
    return True
