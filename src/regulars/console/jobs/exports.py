"""Tables to take away."""

from datetime import UTC, date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from regulars.console.access import actor_of, here
from regulars.console.frame import page
from regulars.console.jobs.words import form_choices, names_of, standing_of, table_choices
from regulars.console.shown.files import file_answer
from regulars.jobs import queries
from regulars.jobs.core import EXPORT, FORMS, TABLES
from regulars.jobs.services import ask_for_export, note_fetched
from regulars.kernel.language import ngettext
from regulars.kernel.words import number_text

LISTED = 20


@require_http_methods(["GET", "POST"])
def exports(request: HttpRequest) -> HttpResponse:
    """Tables to take away: what is asked for, and what was written."""
    if request.method == "POST":
        table = next((one for one in TABLES if one == request.POST.get("table")), TABLES[0])
        form = next((one for one in FORMS if one == request.POST.get("form")), FORMS[0])
        now, since = datetime.now(UTC), _since(request)
        ask_for_export(table=table, form=form, since=since, actor=actor_of(request), now=now)
        return redirect("exports")
    business, _ = here(request)
    zone, now = business.time_zone, datetime.now(UTC)
    jobs = queries.jobs_page(kind=EXPORT, limit=LISTED).jobs
    names, fetched = names_of(jobs), queries.times_fetched(jobs)
    return page(
        request,
        "jobs/exports.html.j2",
        at="exports",
        jobs=[
            (standing_of(job, zone=zone, names=names, now=now), _fetched(fetched.get(job.id, 0)))
            for job in jobs
        ],
        is_open=any(queries.is_open(job) for job in jobs),
        tables=table_choices(),
        forms=form_choices(),
    )


@require_http_methods(["GET"])
def job_file(request: HttpRequest, job_id: UUID) -> FileResponse:
    """What a job wrote, to take away; who took it is written down."""
    job, now = queries.job_of(job_id), datetime.now(UTC)
    path = queries.written_by(job, now=now)
    with transaction.atomic():
        note_fetched(job_id=job.id, actor=actor_of(request), now=now)
    return file_answer(path)


def _since(request: HttpRequest) -> datetime | None:
    """The beginning of the day that was chosen, by the business's clock."""
    business, _ = here(request)
    try:
        day = date.fromisoformat(str(request.POST.get("since", "")))
    except ValueError:
        return None
    return datetime.combine(day, time(), tzinfo=ZoneInfo(business.time_zone))


def _fetched(times: int) -> str:
    if not times:
        return ""
    said = ngettext("Fetched once", "Fetched {count} times", times)
    return said.format(count=number_text(times))
