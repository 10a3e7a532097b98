"""The pages of the pictures."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from regulars.console.frame import page
from regulars.console.pictures import quadrants as quadrant_plot
from regulars.console.pictures import retention as coming_back
from regulars.console.pictures import rhythm as rhythm_map
from regulars.console.segments.words import basis_of, scored_text
from regulars.kernel.language import ngettext
from regulars.kernel.words import number_text
from regulars.people.queries import customers_by_id
from regulars.scoring.cohorts import from_json
from regulars.scoring.everybody import Dots, by_rhythm, dots
from regulars.scoring.queries import latest_run


@require_http_methods(["GET"])
def quadrants(request: HttpRequest) -> HttpResponse:
    """Who spends, and who sends."""
    run = latest_run()
    cuts = run.summary.get("value", {}).get("cuts") if run else None
    if run is None or not cuts:
        return page(request, "pictures/quadrants.html.j2", at="quadrants", plots=())
    expects = cuts["basis"] == "clv"
    found = dots(
        run,
        spending="clv" if expects else "value_to_date",
        most=quadrant_plot.DOTS_DRAWN,
    )
    people = customers_by_id([one.customer_id for one in found.scores])
    drawing = quadrant_plot.Drawing(
        run, found, quadrant_plot.names_of([(one.id, one.name) for one in people])
    )
    return page(
        request,
        "pictures/quadrants.html.j2",
        at="quadrants",
        plots=tuple(drawing.plot(*size) for size in quadrant_plot.PLOT) if drawing.scores else (),
        expects=expects,
        groups=quadrant_plot.groups_of(found.customers),
        outstanding=drawing.outstanding(),
        basis=basis_of(sum(found.customers.values()), run),
        sample=_sample(found),
    )


@require_http_methods(["GET"])
def rhythm(request: HttpRequest) -> HttpResponse:
    """How recently, how often, and what each of them brought."""
    run = latest_run()
    counted = by_rhythm(run)
    return page(
        request,
        "pictures/rhythm.html.j2",
        at="rhythm",
        columns=rhythm_map.columns(),
        rows=rhythm_map.rows_of(counted, (run.currency if run else "") or None) if counted else (),
        basis=basis_of(sum(customers for customers, _ in counted.values()), run),
    )


@require_http_methods(["GET"])
def retention(request: HttpRequest) -> HttpResponse:
    """Whether those who began together came back."""
    run = latest_run()
    cohorts = from_json(run.summary.get("cohorts", ())) if run else ()
    rows = coming_back.rows_of(cohorts, until=run.until) if run else ()
    if run is None or not rows:
        return page(request, "pictures/retention.html.j2", at="retention", rows=())
    return page(
        request,
        "pictures/retention.html.j2",
        at="retention",
        rows=rows,
        has_open=any(not cell.is_over for row in rows for cell in row.cells),
        headline=coming_back.headline(cohorts, until=run.until),
        months=tuple(number_text(month) for month in range(1, len(rows[0].cells) + 1)),
        plots=coming_back.plots_of(cohorts, until=run.until),
        basis=coming_back.basis(cohorts),
        until=scored_text(run),
    )


def _sample(found: Dots) -> str:
    if found.every == 1:
        return ""
    return ngettext(
        "There are too many to draw them all: {count} is shown, one in {every} and those who stand out.",
        "There are too many to draw them all: {count} are shown, one in {every} and those who "
        "stand out.",
        len(found.scores),
    ).format(count=number_text(len(found.scores)), every=number_text(found.every))
