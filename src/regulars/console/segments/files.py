"""The list of a segment as a file for spreadsheets; a line in the audit for everybody in it."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_POST

from regulars.console.access import actor_of
from regulars.console.customer.words import PREFERENCE_NAMES
from regulars.console.segments.words import choice_text, heading_of
from regulars.console.shown.files import Rows, csv_answer
from regulars.kernel.actor import Actor
from regulars.kernel.language import gettext, mark
from regulars.kernel.money import major, minor_digits
from regulars.people.audit import looked_at_many, table_taken
from regulars.people.models import Look
from regulars.people.queries import customers_by_id, preferences_of
from regulars.scoring.conditions import Condition
from regulars.scoring.everybody import all_of, scores_of
from regulars.scoring.models import Run, Score
from regulars.scoring.own_fields import asked_of
from regulars.scoring.queries import latest_run, segment_of, why_standing
from regulars.scoring.ready_made import selection

ROWS_AT_A_TIME = 1_000
COLUMNS = (
    *(mark("Number"), mark("Name"), mark("By value"), mark("By life cycle"), mark("Why")),
    *(mark("First purchase"), mark("Last purchase"), mark("Days with a purchase")),
    *(mark("Spent so far"), mark("Spender value"), mark("People brought"), mark("Sender value")),
    mark("Remembered"),
)


@require_POST
def segment_file(request: HttpRequest, segment_id: UUID) -> HttpResponseBase:
    """Who is in a segment."""
    found = segment_of(segment_id)
    return _sent(request, found.name, asked_of(found.condition))


@require_POST
def segment_people_file(request: HttpRequest) -> HttpResponseBase:
    """Who stands behind a number."""
    chosen = selection(request.GET.dict())
    return _sent(request, heading_of(chosen), chosen.condition())


def _sent(request: HttpRequest, name: str, condition: Condition | None) -> HttpResponseBase:
    run = latest_run()
    return csv_answer(
        _some_at_a_time(all_of(condition, run), run, actor_of(request)),
        name=name,
    )


def _some_at_a_time(customer_ids: Sequence[UUID], run: Run | None, actor: Actor) -> Iterator[Rows]:
    table_taken(table="segment", rows=len(customer_ids), actor=actor, now=datetime.now(UTC))
    yield [[gettext(one) for one in COLUMNS]]
    for start in range(0, len(customer_ids), ROWS_AT_A_TIME):
        some = customer_ids[start : start + ROWS_AT_A_TIME]
        # Nothing of anybody leaves before it is written down that somebody took it.
        looked_at_many(customer_ids=some, what=Look.EXPORT, actor=actor, now=datetime.now(UTC))
        yield _rows(some, run)


def _rows(customer_ids: Sequence[UUID], run: Run | None) -> list[list[str]]:
    scores, told = scores_of(customer_ids, run), preferences_of(customer_ids)
    return [
        [
            str(one.id),
            one.name,
            *_scored(scores.get(one.id)),
            " · ".join(
                f"{gettext(PREFERENCE_NAMES[kind])}: {text}" for kind, text in told.get(one.id, ())
            ),
        ]
        for one in customers_by_id(customer_ids)
    ]


def _scored(score: Score | None) -> list[str]:
    if score is None:
        return [""] * (len(COLUMNS) - 3)
    currency = score.run.currency or None

    def money(minor: int | None) -> str:
        return "" if minor is None else f"{major(minor, currency):.{minor_digits(currency)}f}"

    return [
        choice_text("quadrant", score.quadrant) if score.quadrant else "",
        choice_text("life_cycle", score.life_cycle) if score.life_cycle else "",
        " ".join(why_standing(score)),
        score.first_day.isoformat() if score.first_day else "",
        score.last_day.isoformat() if score.last_day else "",
        str(score.purchase_days or 0),
        money(score.value_to_date),
        money(score.clv),
        str(score.friends or 0),
        money(score.sender_value),
    ]
