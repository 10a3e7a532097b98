"""When everybody was scored, and again now."""

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from regulars.console.access import actor_of, here
from regulars.console.frame import page
from regulars.console.jobs.words import moment_text, names_of, standing_of
from regulars.jobs import queries
from regulars.jobs.core import DONE, FAILED, RUNNING, SCORE
from regulars.jobs.models import Job
from regulars.jobs.services import ask_for_scores
from regulars.kernel.language import gettext, mark, ngettext
from regulars.kernel.words import date_text, number_text
from regulars.scoring.models import Run
from regulars.scoring.queries import latest_run

LISTED = 20
RUNGS = {
    "facts": mark("That is enough for counts, and for who brought whom; more purchases say more."),
    "rhythm": mark(
        "That is enough to see in which rhythm everybody comes, and who departs from it."
    ),
    "models": mark("That is enough to estimate what everybody is worth, and who is slipping away."),
}


@require_http_methods(["GET", "POST"])
def scores(request: HttpRequest) -> HttpResponse:
    """When everybody was scored, from how much, and again now."""
    if request.method == "POST":
        job = queries.latest_of(SCORE)
        if job is None or job.state != RUNNING:
            ask_for_scores(actor=actor_of(request), now=datetime.now(UTC))
        return redirect("scores")
    business, _ = here(request)
    zone, now = business.time_zone, datetime.now(UTC)
    job, run = queries.latest_of(SCORE), latest_run()
    standing = None
    if job is not None and (queries.is_open(job) or job.state == FAILED):
        standing = standing_of(job, zone=zone, names=names_of([job]), now=now)
    runs = Run.objects.exclude(finished_at=None).order_by("-finished_at", "-id")[:LISTED]
    return page(
        request,
        "jobs/scores.html.j2",
        at="scores",
        job=standing,
        poll=reverse("scores"),
        latest=None if run is None else _run(run, zone),
        left_out=[] if run is None else _left_out(run),
        looked_again=_looked_again(job, run, zone),
        runs=[_run(one, zone) for one in runs],
    )


def _looked_again(job: Job | None, run: Run | None, zone: str) -> str:
    """That scores were asked for again, and nothing had happened since."""
    if job is None or run is None or job.state != DONE or job.finished_at is None:
        return ""
    made = run.finished_at or run.started_at
    if job.result.get("run_id") != str(run.id) or job.asked_at <= made:
        return ""
    return gettext("Looked again {moment}: nothing had happened since.").format(
        moment=moment_text(job.finished_at, zone)
    )


def _left_out(run: Run) -> list[str]:
    """What of the purchases and refunds does not count, or not whole, in sentences."""
    told = run.summary.get("left_out", {})
    nobody, foreign = told.get("no_customer", 0), told.get("other_currency", 0)
    sentences = []
    if foreign:
        sentences.append(
            ngettext(
                "{count} purchase or refund is not in {currency}: its day counts, its money does not.",
                "{count} purchases and refunds are not in {currency}: their days count, their money does not.",
                foreign,
            ).format(count=number_text(foreign), currency=run.currency)
        )
    if nobody:
        sentences.append(
            ngettext(
                "{count} purchase or refund is of nobody in particular, and left out.",
                "{count} purchases and refunds are of nobody in particular, and left out.",
                nobody,
            ).format(count=number_text(nobody))
        )
    if absurd := told.get("amount_beyond_counting", 0):
        sentences.append(
            ngettext(
                "{count} purchase or refund is of an amount that no business takes, and left out.",
                "{count} purchases and refunds are of amounts that no business takes, and left out.",
                absurd,
            ).format(count=number_text(absurd))
        )
    return sentences


def _run(run: Run, zone: str) -> dict[str, str]:
    """A run in words: up to when, from how much, made when."""
    customers = ngettext("{count} customer", "{count} customers", run.customers)
    events = ngettext("{count} event", "{count} events", run.events)
    return {
        "until": date_text(run.until),
        "customers": customers.format(count=number_text(run.customers)),
        "events": events.format(count=number_text(run.events)),
        "made": moment_text(run.finished_at or run.started_at, zone),
        "model": gettext(RUNGS[run.rung]) if run.rung in RUNGS else "",
    }
