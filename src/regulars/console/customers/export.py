"""A list of customers as a CSV file, for a spreadsheet."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods

from regulars.console.access import actor_of, here
from regulars.console.customers.finding import everybody_asked, marks_of
from regulars.console.customers.listing import ListAsked
from regulars.console.places import places_looked_at
from regulars.console.shown.files import Rows, csv_answer
from regulars.kernel.actor import Actor
from regulars.kernel.language import gettext
from regulars.people.audit import looked_at_many, table_taken
from regulars.people.models import Look
from regulars.people.queries import known_since, last_here, people_rows

AT_ONCE = 500


@require_http_methods(["GET"])
def customers_export(request: HttpRequest) -> HttpResponseBase:
    """Everybody on the list as it is asked for, in its order; each of them is noted as taken along."""
    business, _ = here(request)
    zone = ZoneInfo(business.time_zone)
    asked = ListAsked.of(request.GET.dict())
    filters = asked.filters(now=datetime.now(zone), places=places_looked_at(request).ids)
    ids = everybody_asked(asked, filters, country=business.country)
    return csv_answer(_some_at_a_time(ids, zone=zone, actor=actor_of(request)), name="customers")


def _some_at_a_time(ids: list[UUID], *, zone: ZoneInfo, actor: Actor) -> Iterator[Rows]:
    heading = (
        *(gettext("Name"), gettext("Phone number"), gettext("E-mail address")),
        *(gettext("Likes"), gettext("Where they stand"), gettext("Last here")),
        gettext("Known since"),
    )
    table_taken(table="list", rows=len(ids), actor=actor, now=datetime.now(UTC))
    yield [heading]
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        looked_at_many(customer_ids=some, what=Look.EXPORT, actor=actor, now=datetime.now(UTC))
        yield _rows(some, zone)


def _rows(some: list[UUID], zone: ZoneInfo) -> Iterator[tuple[str, ...]]:
    seen, marks, since = last_here(some), marks_of(some), known_since(some)
    for one in people_rows(some):
        here_last = seen.get(one.id)
        yield (
            one.name,
            "; ".join(value for kind, value in one.identities if kind == "phone"),
            "; ".join(value for kind, value in one.identities if kind == "email"),
            "; ".join(one.likes),
            marks.get(one.id, ("", ""))[1],
            here_last.astimezone(zone).date().isoformat() if here_last else "",
            since[one.id].astimezone(zone).date().isoformat(),
        )
