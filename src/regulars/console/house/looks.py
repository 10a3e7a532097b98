"""Who looked at whom, for owners: every look, by whom, at what and when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from regulars.console.access import here
from regulars.console.customer.words import LOOK_NAMES, TAKEN_NAMES
from regulars.console.frame import page
from regulars.console.house.forms import LooksForm
from regulars.console.shown.keys import keys_of
from regulars.console.shown.names import name_of
from regulars.kernel.actor import Actor
from regulars.kernel.language import gettext, ngettext
from regulars.kernel.words import date_text, number_text, time_text
from regulars.people.audit import by_the_minute, how_often, looks
from regulars.people.models import Customer, Employee, Look

SHOWN = 50


@dataclass(frozen=True)
class Line:
    """A look: when, who, at what of whose, how often in a minute; of a table that was taken along, which."""

    when: str
    iso: str
    who: str
    what: str
    customer_id: UUID | None
    whose: str
    times: str


@require_GET
def who_looked(request: HttpRequest) -> HttpResponse:
    """The looks that are asked for, the latest first."""
    business, _ = here(request)
    zone, form = ZoneInfo(business.time_zone), LooksForm(request.GET)
    asked = form.wishes()
    since, until = asked["since"], asked["until"]
    found = looks(
        by=Actor("employee", str(asked["by"])) if asked["by"] else None,
        what=asked["what"],
        since=datetime.combine(since, time(), tzinfo=zone) if since else None,
        until=datetime.combine(until + timedelta(days=1), time(), tzinfo=zone) if until else None,
        before=asked["before"],
        limit=SHOWN + 1,
    )
    more = {name: value for name, value in asked.items() if value} | {
        "before": found[SHOWN - 1].pk if len(found) > SHOWN else 0
    }
    employees = [(str(one.pk), one.name) for one in Employee.objects.order_by("name")]
    return page(
        request,
        "house/looks.html.j2",
        at="looks",
        lines=_lines(found[:SHOWN], dict(employees) | keys_of(found[:SHOWN]), zone),
        employees=employees,
        kinds=[(what, gettext(words)) for what, words in LOOK_NAMES.items()],
        asked={name: str(value or "") for name, value in asked.items()},
        is_filtered=any(asked.values()),
        more=f"{reverse('looks')}?{urlencode(more)}" if more["before"] else "",
    )


def _lines(found: list[Look], names: dict[str, str], zone: ZoneInfo) -> list[Line]:
    customers = Customer.objects.in_bulk({one.customer_id for one in found if one.customer_id})
    return [
        Line(
            when=f"{date_text(moment.date())}, {time_text(moment)}",
            iso=moment.isoformat(timespec="minutes"),
            who=_who(one.looked_by, names),
            what=gettext(LOOK_NAMES[one.what]),
            customer_id=one.customer_id,
            whose=_table(one) if one.table else _name(customers, one.customer_id),
            times=how_often(times),
        )
        for one, times in by_the_minute(found)
        for moment in (one.looked_at.astimezone(zone),)
    ]


def _name(customers: Mapping[UUID, Customer], customer_id: UUID | None) -> str:
    found = customers.get(customer_id) if customer_id else None
    return name_of(found.name) if found else gettext("somebody who was erased")


def _table(look: Look) -> str:
    if look.rows is None:
        return gettext(TAKEN_NAMES[look.table])
    rows = ngettext("{count} row", "{count} rows", look.rows or 0)
    return gettext("{table}, {rows}").format(
        table=gettext(TAKEN_NAMES[look.table]), rows=rows.format(count=number_text(look.rows or 0))
    )


def _who(actor: str, names: dict[str, str]) -> str:
    kind, _, id_ = actor.partition(":")
    others = {
        "key": gettext("a key of the API"),
        "command": gettext("a command"),
        "system": gettext("Regulars itself"),
    }
    return names.get(id_) or others.get(kind) or gettext("somebody who works here no more")
