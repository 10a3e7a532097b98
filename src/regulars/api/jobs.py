"""Long work by machine: scores, exports, imports of files that are handed in first."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal, cast
from uuid import UUID

from django.db import transaction
from django.http import FileResponse, HttpRequest
from django.utils import timezone
from ninja import Path, Query, Router, Status
from pydantic import AfterValidator, ConfigDict, Field

from regulars.api.errors import LengthRequired
from regulars.api.requests import IdempotencyKey, KeyWith, actor_of, once, require
from regulars.api.routes import problems
from regulars.api.schemas import Answer, Cursor, Limit, Sent, Text
from regulars.jobs import files, queries
from regulars.jobs.core import EXPORT, FAILED, Form, Kind, State, Table, Taken
from regulars.jobs.errors import NoSuchUpload
from regulars.jobs.models import Job
from regulars.jobs.services import ask_for_export, ask_for_import, ask_for_scores, note_fetched
from regulars.jobs.sweeping import discard_upload
from regulars.jobs.uploads import receive
from regulars.kernel.faults import sound

router = Router(tags=["Jobs"])
READ, WRITE = KeyWith("jobs:read"), KeyWith("jobs:write")
PART_BYTES = 256 * 1024
# What a job takes out or brings in is opened by the scopes of that, too.
SCOPE_OF_TABLE: Mapping[str, str] = {
    "customers": "customers:read",
    "events": "customers:read",
    "scores": "scores:read",
}
SCOPE_OF_TAKEN: Mapping[str, str] = {
    "purchases": "events:write",
    "refunds": "events:write",
    "referrals": "events:write",
    "customers": "customers:write",
}
FILE_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "text/csv": {
                "schema": {"type": "string", "format": "binary"},
                "example": "customer_id,occurred_at,amount,order_id\nana@example.org,2026-06-30,4.20,R-1\n",
            },
            "application/vnd.apache.parquet": {"schema": {"type": "string", "format": "binary"}},
        },
    }
}
FILE_ANSWER = {
    "responses": {
        200: {"content": {"application/octet-stream": {"schema": {"type": "string"}}}},
    }
}


class ScoreSent(Sent):
    """Score everybody now."""

    model_config = ConfigDict(json_schema_extra={"example": {"kind": "score"}})

    kind: Literal["score"]
    until: date | None = Field(None, description="The last day that counts; today if left out.")


class ExportSent(Sent):
    """Write a table to a file."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"kind": "export", "table": "customers", "form": "csv"}}
    )

    kind: Literal["export"]
    table: Table
    form: Form = "csv"


class ImportSent(Sent):
    """Take a file in that was handed in before."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "kind": "import",
                "what": "purchases",
                "upload_id": "01890a5d-ac96-774b-bcce-b302099a8057",
                "columns": {"customer_id": "E-mail"},
                "dry_run": True,
            }
        }
    )

    kind: Literal["import"]
    what: Taken
    upload_id: UUID
    columns: Annotated[dict[Text, Text], Field(max_length=20)] = Field(
        {}, description="Our column to the file's; the others are guessed."
    )
    day_first: bool | None = Field(
        None, description="Whether 3/4/2026 is in April; else found out."
    )
    decimal: Literal[".", ","] | None = None
    skip_ragged: bool = False
    dry_run: bool = Field(False, description="Find out what would be, and write nothing.")  # noqa: FBT003


JobSent = Annotated[ScoreSent | ExportSent | ImportSent, Field(discriminator="kind")]


class Progress(Answer):
    """How far a job is: in words, and from 0 to 1 where its end is known."""

    stage: str
    fraction: float | None


class JobProblem(Answer):
    """What kept a job from being done."""

    code: str
    detail: str


class JobAnswer(Answer):
    """A job as it stands."""

    id: UUID
    kind: Kind
    state: State
    asked_at: datetime
    asked_by: str
    started_at: datetime | None
    finished_at: datetime | None
    progress: Progress | None = Field(description="While it is under way.")
    result: dict[str, Any] = Field(description="Counts and ids, once it is done.")
    notes: tuple[str, ...] = Field(description="What was guessed and decided, for some days.")
    problem: JobProblem | None


class JobsAnswer(Answer):
    """A page of jobs, the latest first."""

    jobs: tuple[JobAnswer, ...]
    next_cursor: str | None


class UploadAnswer(Answer):
    """A file that was handed in; it is kept for a day, or until it is taken in."""

    id: UUID
    size_bytes: int


@router.post(
    "/uploads",
    auth=WRITE,
    response={201: UploadAnswer, **problems(400, 409, 411, 413, 422)},
    summary="Hand a file in",
    openapi_extra=FILE_BODY,
)
def hand_in(
    request: HttpRequest,
    idempotency_key: IdempotencyKey,
    name: Annotated[
        str,
        Query(description="Of the file, ending in .csv or .parquet.", examples=["orders.csv"]),
        Field(min_length=1, max_length=200),
        AfterValidator(sound),
    ],
) -> Status[UploadAnswer]:
    """Hand in a file of purchases, refunds, referrals or customers, as the body of the request."""
    digest, said = hashlib.sha256(), request.headers.get("Content-Length", "")
    if not said and request.headers.get("Transfer-Encoding"):
        raise LengthRequired

    def parts() -> Iterator[bytes]:
        while part := request.read(PART_BYTES):
            digest.update(part)
            yield part

    now = timezone.now()
    mine = receive(
        parts=parts(),
        name=name,
        said_bytes=int(said) if said.isdigit() else None,
        actor=actor_of(request),
        now=now,
    )
    kept = None
    try:
        body = digest.digest()
        kept = once(request, idempotency_key, lambda _: {"upload": mine}, body=body)["upload"]
    finally:
        if kept != mine:
            discard_upload(mine)
    return Status(201, UploadAnswer(id=kept, size_bytes=queries.upload_of(kept).size_bytes))


@router.post(
    "/jobs",
    auth=WRITE,
    response={202: JobAnswer, **problems(400, 404, 409, 410, 413, 422)},
    summary="Ask for long work",
)
def ask(request: HttpRequest, sent: JobSent, idempotency_key: IdempotencyKey) -> Status[JobAnswer]:
    """Ask for everybody to be scored, for a table as a file, or for a file to be taken in.

    What an export shows, or an import writes, the key must be allowed to see or write anyway.
    """
    actor = actor_of(request)

    def act(now: datetime) -> Mapping[str, UUID]:
        if isinstance(sent, ScoreSent):
            return {"job": ask_for_scores(until=sent.until, actor=actor, now=now)}
        if isinstance(sent, ExportSent):
            asked = ask_for_export(table=sent.table, form=sent.form, actor=actor, now=now)
            return {"job": asked}
        if queries.upload_of(sent.upload_id).made_by != str(actor):
            raise NoSuchUpload
        reading = files.Reading(
            what=sent.what,
            columns=sent.columns,
            day_first=sent.day_first,
            decimal=sent.decimal,
            skip_ragged=sent.skip_ragged,
        )
        asked = ask_for_import(
            upload_id=sent.upload_id, reading=reading, is_dry=sent.dry_run, actor=actor, now=now
        )
        return {"job": asked}

    if isinstance(sent, ExportSent):
        require(request, SCOPE_OF_TABLE[sent.table])
    if isinstance(sent, ImportSent):
        require(request, SCOPE_OF_TAKEN[sent.what])
    return Status(202, answer_of(queries.job_of(once(request, idempotency_key, act)["job"])))


@router.get(
    "/jobs",
    auth=READ,
    response={200: JobsAnswer, **problems(400, 422)},
    summary="List jobs",
)
def list_jobs(
    request: HttpRequest,
    kind: Annotated[Kind | None, Query()] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> JobsAnswer:
    """List long work, the latest first, page by page."""
    page = queries.jobs_page(kind=kind, cursor=cursor, limit=limit)
    return JobsAnswer(jobs=tuple(answer_of(job) for job in page.jobs), next_cursor=page.cursor)


@router.get(
    "/jobs/{job_id}",
    auth=READ,
    response={200: JobAnswer, **problems(404, 422)},
    summary="Read how a job stands",
)
def read_job(request: HttpRequest, job_id: Path[UUID]) -> JobAnswer:
    """Read how far a job is, or what it came to."""
    return answer_of(queries.job_of(job_id))


@router.get(
    "/jobs/{job_id}/file",
    auth=READ,
    response={200: None, **problems(404, 410, 422)},
    summary="Fetch what a job wrote",
    openapi_extra=FILE_ANSWER,
)
def fetch(request: HttpRequest, job_id: Path[UUID]) -> FileResponse:
    """Fetch the table that an export wrote, or the rows that an import could not use.

    The file is kept for a week, and until anybody is erased. The rows of a file that another handed in are told
    to a key that may read customers.
    """
    job, now = queries.job_of(job_id), timezone.now()
    scope = (
        SCOPE_OF_TABLE[job.options["table"]]
        if job.kind == EXPORT
        else SCOPE_OF_TAKEN.get(job.options.get("what", ""), "jobs:read")
    )
    require(request, scope)
    if job.kind != EXPORT and job.asked_by != str(actor_of(request)):
        require(request, "customers:read")
    path = queries.written_by(job, now=now)
    with transaction.atomic():
        note_fetched(job_id=job.id, actor=actor_of(request), now=now)
    return FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=path.name,
        content_type="application/octet-stream",
    )


def answer_of(job: Job) -> JobAnswer:
    """A job as it is answered."""
    return JobAnswer(
        id=job.id,
        kind=cast("Kind", job.kind),
        state=cast("State", job.state),
        asked_at=job.asked_at,
        asked_by=job.asked_by,
        started_at=job.started_at,
        finished_at=job.finished_at,
        progress=Progress(stage=job.stage, fraction=job.fraction) if job.stage else None,
        result=job.result,
        notes=files.told_by(job.id).notes,
        problem=JobProblem(code=job.error, detail=queries.why_failed(job))
        if job.state == FAILED
        else None,
    )
