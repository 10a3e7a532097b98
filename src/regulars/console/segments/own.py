"""Segments of one's own: building, changing and removing them, who is in them, their size over time."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from regulars.console.access import actor_of, here
from regulars.console.frame import page
from regulars.console.segments.crossing import (
    ON_A_PAGE,
    around,
    count_text,
    rows_with_reasons,
    start_of,
)
from regulars.console.segments.form import (
    GROUPS,
    WAYS,
    Draft,
    condition_of,
    draft_of,
    new_draft,
    typed_draft,
    with_problems,
)
from regulars.console.segments.words import basis_of, choice_text, condition_text, heading_of
from regulars.console.shown.spark import spark_of
from regulars.kernel.errors import RegularsError
from regulars.kernel.language import gettext, mark
from regulars.people.models import Business
from regulars.scoring.conditions import FIELDS, Field, as_json
from regulars.scoring.everybody import how_many_fulfil, page_of
from regulars.scoring.own_fields import PLACES, asked_of, own_fields
from regulars.scoring.queries import latest_run, segment_of, size_over_time
from regulars.scoring.ready_made import selection
from regulars.scoring.services import add_segment, change_segment, remove_segment

SAID = {
    "added": mark("The segment is kept, and counted every night from now on."),
    "changed": mark("The segment is changed."),
}


@require_http_methods(["GET"])
def segment(request: HttpRequest, segment_id: UUID) -> HttpResponse:
    """Who is in a segment now, each with the reasons."""
    business, _ = here(request)
    found = segment_of(segment_id)
    run, condition, start = latest_run(), asked_of(found.condition), start_of(request)
    some, customers = page_of(condition, run, start=start, limit=ON_A_PAGE)
    return page(
        request,
        "segments/segment.html.j2",
        at="segments",
        said=gettext(SAID.get(request.GET.get("said", ""), "")),
        segment=found,
        asked=condition_text(condition, business.currency),
        told=count_text(customers),
        rows=rows_with_reasons(some, condition, run, business),
        spark=spark_of(size_over_time(segment_id)),
        basis=basis_of(customers, run),
        pages=around(
            reverse("segment", kwargs={"segment_id": segment_id}), start, len(some), customers
        ),
    )


@require_http_methods(["GET", "POST"])
def segment_new(request: HttpRequest) -> HttpResponse:
    """Builds a segment, from nothing or from a selection that one looks at."""
    business, _ = here(request)
    if request.method == "POST":
        return _posted(request, business, None)
    chosen = selection(request.GET.dict())
    condition = chosen.condition()
    draft = draft_of(heading_of(chosen), condition, business.currency) if condition else None
    return _building(request, business, draft or new_draft(), None)


@require_http_methods(["GET", "POST"])
def segment_change(request: HttpRequest, segment_id: UUID) -> HttpResponse:
    """Changes a segment."""
    business, _ = here(request)
    found = segment_of(segment_id)
    if request.method == "POST":
        return _posted(request, business, segment_id)
    draft = draft_of(found.name, asked_of(found.condition), business.currency)
    if draft is None:
        return page(
            request,
            "segments/nested.html.j2",
            at="segments",
            segment=found,
        )
    return _building(request, business, draft, segment_id)


@require_POST
def segment_remove(request: HttpRequest, segment_id: UUID) -> HttpResponse:
    """Forgets a segment; its customers stay."""
    here(request)
    remove_segment(segment_id=segment_id)
    return redirect(reverse("segments") + "?said=removed")


def _posted(request: HttpRequest, business: Business, segment_id: UUID | None) -> HttpResponse:
    draft = typed_draft(request.POST, business.currency)
    if request.POST.get("do") != "save":
        return _building(request, business, draft, segment_id)
    name, actor, now = draft.name, actor_of(request), datetime.now(UTC)
    try:
        asked = as_json(condition_of(draft))
        if segment_id is None:
            kept = add_segment(name=name, condition=asked, actor=actor, now=now)
        else:
            kept = segment_id
            change_segment(segment_id=segment_id, name=name, condition=asked, actor=actor, now=now)
    except RegularsError as error:
        shown = with_problems(draft, business.currency)
        return _building(request, business, shown, segment_id, refused=error)
    said = "added" if segment_id is None else "changed"
    return redirect(reverse("segment", kwargs={"segment_id": kept}) + f"?said={said}")


def _building(
    request: HttpRequest,
    business: Business,
    draft: Draft,
    segment_id: UUID | None,
    *,
    refused: RegularsError | None = None,
) -> HttpResponse:
    return page(
        request,
        "segments/build.html.j2",
        status=refused.http_status if refused else 200,
        at="segments",
        segment_id=segment_id,
        draft=draft,
        counted=_counted(draft),
        asked=condition_text(draft.condition, business.currency) if draft.condition else (),
        refused=str(refused) if refused else "",
        **_choices(),
    )


def _counted(draft: Draft) -> str:
    if draft.condition is None:
        return ""
    return count_text(how_many_fulfil(draft.condition, latest_run()))


def _own_groups() -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """What only this business asks: where they were, and its own attributes."""
    own = own_fields()
    places = tuple((one.name, gettext(one.label)) for one in own if _is_place(one))
    attributes = tuple((one.name, one.label) for one in own if not _is_place(one))
    named = ((gettext("Where they come"), places), (gettext("What you ask everybody"), attributes))
    return tuple((name, some) for name, some in named if some)


def _is_place(one: Field) -> bool:
    return one.name in PLACES


def _choices() -> dict[str, Any]:
    return {
        "groups": tuple(
            (gettext(name), tuple((one, gettext(FIELDS[one].label)) for one in fields))
            for name, fields in GROUPS
        )
        + _own_groups(),
        "ways": {
            kind: tuple((way, gettext(words)) for way, words in ways) for kind, ways in WAYS.items()
        },
        "choice_text": choice_text,
    }
