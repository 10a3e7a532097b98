"""Files that come in by the browser: dropped, looked at, tried, taken in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, cast
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from regulars.console.access import actor_of, here
from regulars.console.frame import page
from regulars.console.jobs.uploading import sent_file
from regulars.console.jobs.words import (
    column_name,
    moment_text,
    names_of,
    problems_of,
    size_text,
    standing_of,
    taken_choices,
)
from regulars.insight.errors import AmbiguousColumn, HeaderOnly, MissingColumn
from regulars.insight.reading.columns import read_from
from regulars.intake.files.errors import NoCustomerColumn
from regulars.jobs import files, queries
from regulars.jobs.core import DONE, TAKEN, Taken
from regulars.jobs.errors import FileGone
from regulars.jobs.looking import COLUMNS, Look, look_at
from regulars.jobs.services import ask_for_import
from regulars.jobs.sweeping import discard_upload, remove_upload
from regulars.jobs.uploads import receive
from regulars.kernel.errors import RegularsError
from regulars.kernel.language import LANGUAGES, gettext, speaking

PART_BYTES = 256 * 1024
COLUMN = "column-"
GOOD = 200
# What one looks for in every file; the others are shown where the file has them, else on demand.
FIRST = frozenset(
    (
        *("customer_id", "occurred_at", "amount", "customer_name", "order_id", "item"),
        *("sender_id", "friend_id", "name", "email", "phone", "likes", "came_through"),
    )
)


@dataclass(frozen=True)
class Chosen:
    """A column of ours, and which of the file's is taken for it.

    Attributes:
        ours: Our name.
        name: As a page calls it.
        theirs: The file's, or "".
        is_first: Whether it is shown at once.
    """

    ours: str
    name: str
    theirs: str
    is_first: bool


@require_http_methods(["GET", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """Where files are dropped, and which came in before."""
    said, problem, status = "", "", GOOD
    if request.method == "POST":
        try:
            return redirect("import", upload_id=_handed_in(request))
        except HeaderOnly as empty:
            note = gettext("{file} has a header and no rows: there is nothing to take in.")
            said = note.format(file=empty.path)
        except RegularsError as error:
            problem, status = str(error), error.http_status
    business, _ = here(request)
    now = datetime.now(UTC)
    taken, waiting = queries.taken_in(), queries.uploads_there()
    names = names_of(taken)
    return page(
        request,
        "jobs/imports.html.j2",
        at="imports",
        status=status,
        said=said,
        problem=problem,
        limit=settings.REGULARS_UPLOAD_MB,
        waiting=[
            {
                "id": one.id,
                "name": path.name,
                "told": f"{size_text(one.size_bytes)} · {moment_text(one.made_at, business.time_zone)}",
            }
            for one in waiting
            if (path := files.uploaded(one.id)) is not None
        ],
        earlier=[
            (
                standing_of(job, zone=business.time_zone, names=names, now=now),
                files.told_by(job.id).name,
                job.upload_id,
            )
            for job in taken
        ],
    )


@require_http_methods(["GET"])
def one_import(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """A file: how it is read, what would be, what has become of it."""
    return _shown(request, upload_id)


@require_POST
def import_tried(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Finds out what would be, with the columns that were chosen."""
    reading = _reading(request)
    return _asked(request, upload_id, reading, is_dry=True)


@require_POST
def import_taken(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Takes a file in, as it was tried last."""
    tried = queries.latest_of_upload(upload_id)
    reading = files.reading_of(tried.id) if tried is not None and tried.state == DONE else None
    if reading is None:
        return redirect("import", upload_id=upload_id)
    return _asked(request, upload_id, reading, is_dry=False)


@require_POST
def import_dropped(request: HttpRequest, upload_id: UUID) -> HttpResponse:  # noqa: ARG001  (a view)
    """Removes a file that is not to be taken in after all."""
    upload = queries.upload_of(upload_id)
    if not queries.is_open(queries.latest_of_upload(upload_id)):
        with transaction.atomic():
            remove_upload(upload.id, now=datetime.now(UTC))
    return redirect("imports")


def _handed_in(request: HttpRequest) -> UUID:
    """The file that was sent; what it looks like is tried at once.

    Raises:
        HeaderOnly: It holds no row, and is not kept.
        RegularsError: It cannot be taken.
    """
    sent = sent_file(request, "file")
    actor, now = actor_of(request), datetime.now(UTC)
    upload_id = receive(parts=sent.chunks(PART_BYTES), name=sent.name or "", actor=actor, now=now)
    path = cast("Path", files.uploaded(upload_id))
    look = look_at(path)
    if look.names and not look.rows:
        with transaction.atomic():
            discard_upload(upload_id)
        raise HeaderOnly(path=path.name, names=look.names)
    if look.what is not None and look.problem is None:
        ask_for_import(
            upload_id=upload_id,
            reading=files.Reading(what=look.what),
            is_dry=True,
            actor=actor,
            now=now,
        )
    return upload_id


def _asked(
    request: HttpRequest, upload_id: UUID, reading: files.Reading, *, is_dry: bool
) -> HttpResponse:
    """Asks for a file to be tried or taken in, if it can be read so."""
    path = files.uploaded(upload_id)
    queries.upload_of(upload_id)
    if path is None:
        raise FileGone
    look = look_at(path, what=reading.what, asked=reading.columns)
    if look.problem is not None:
        return _shown(request, upload_id, reading=reading)
    ask_for_import(
        upload_id=upload_id,
        reading=reading,
        is_dry=is_dry,
        actor=actor_of(request),
        now=datetime.now(UTC),
    )
    return redirect("import", upload_id=upload_id)


def _reading(request: HttpRequest) -> files.Reading:
    """How a file is to be read, as the form says."""
    told = request.POST
    columns = {
        name.removeprefix(COLUMN): str(theirs)
        for name, theirs in told.items()
        if name.startswith(COLUMN) and theirs
    }
    kind: Taken = next((one for one in TAKEN if one == told.get("what")), "purchases")
    dates = {"day": True, "month": False}
    decimal = told.get("decimal", "")
    return files.Reading(
        what=kind,
        columns={ours: theirs for ours, theirs in columns.items() if ours in COLUMNS[kind]},
        day_first=dates.get(str(told.get("dates", ""))),
        decimal=cast('Literal[".", ","]', decimal) if decimal in (".", ",") else None,
        skip_ragged="skip_ragged" in told,
    )


def _shown(
    request: HttpRequest, upload_id: UUID, *, reading: files.Reading | None = None
) -> HttpResponse:
    """The page of a file.

    Args:
        request: By somebody who may.
        upload_id: Of the file.
        reading: As it was just asked for and cannot be, or None for as it was tried last.
    """
    business, _ = here(request)
    now = datetime.now(UTC)
    upload, job = queries.upload_of(upload_id), queries.latest_of_upload(upload_id)
    path = files.uploaded(upload.id) if upload.removed_at is None else None
    refused = reading is not None
    wished = next((one for one in TAKEN if one == request.GET.get("what")), None)
    if wished is not None:
        reading = files.Reading(what=wished)
    if reading is None and job is not None:
        reading = files.reading_of(job.id)
    standing = None
    if job is not None and not refused and wished is None:
        standing = standing_of(job, zone=business.time_zone, names=names_of([job]), now=now)
    # The page is asked for every second while a job is open, and shows nothing of the file then.
    look = None if standing is not None and queries.is_open(job) else _look(path, reading)
    what = look.what if look is not None and look.what else reading.what if reading else "purchases"
    name = path.name if path is not None else files.told_by(job.id).name if job else ""
    told = files.told_by(job.id) if job is not None else files.Told()
    return page(
        request,
        "jobs/import.html.j2",
        at="imports",
        status=400 if refused else GOOD,
        upload_id=upload.id,
        name=name or gettext("A file"),
        size=size_text(upload.size_bytes),
        is_there=path is not None,
        job=standing,
        is_dry=bool(job is not None and job.options["is_dry"]),
        rows=job.result.get("rows", 0) if job is not None else 0,
        notes=_notes(told.notes, look),
        problems=problems_of(job, now=now) if job is not None and standing is not None else (),
        what=what,
        kinds=taken_choices(),
        reading=reading or files.Reading(what=what),
        look=look,
        columns=_columns(what, look),
        trouble=_trouble(look.problem) if look is not None and look.problem is not None else "",
        poll=f"{reverse('import', kwargs={'upload_id': upload.id})}",
    )


def _look(path: Any, reading: files.Reading | None) -> Look | None:
    if path is None:
        return None
    if reading is None:
        return look_at(path)
    return look_at(path, what=reading.what, asked=reading.columns)


def _columns(what: Taken, look: Look | None) -> list[Chosen]:
    """Our columns, each with the file's that is taken for it."""
    found: Mapping[str, str] = look.columns if look is not None else {}
    return [
        Chosen(ours, column_name(what, ours), theirs, is_first=ours in FIRST or bool(theirs))
        for ours in COLUMNS[what]
        for theirs in (found.get(ours, ""),)
    ]


def _notes(notes: Sequence[str], look: Look | None) -> list[str]:
    """What was guessed and decided, but for what the fields of the page show themselves."""
    found: Mapping[str, str] = look.columns if look is not None else {}
    shown = set()
    for code in LANGUAGES:  # in whichever the file was tried
        with speaking(code):
            shown |= {read_from(*pair) for pair in found.items()}
    return [note for note in notes if note not in shown]


def _trouble(error: RegularsError) -> str:
    """What keeps a file from being read, as a page says it."""
    column = str(error.data.get("column") or error.data.get("missing") or "")
    if isinstance(error, AmbiguousColumn):
        return gettext("More than one column could be “{column}”. Choose below.").format(
            column=column_name("purchases", column)
        )
    if isinstance(error, MissingColumn):
        return gettext("Which column is “{column}”? Choose below.").format(
            column=column_name("purchases", column)
        )
    if isinstance(error, NoCustomerColumn):
        return gettext("Which column says who somebody is? Choose below.")
    return str(error).replace(f"{files.root()}/", "")
