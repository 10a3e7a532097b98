"""What changed since last night: who stands elsewhere now, as the home page tells it."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from regulars.console.segments.words import list_address
from regulars.console.shown.names import name_of
from regulars.kernel.language import gettext
from regulars.kernel.words import date_text, list_text, number_text
from regulars.people.queries import customers_by_id
from regulars.scoring.everybody import moved
from regulars.scoring.queries import latest_run
from regulars.scoring.ready_made import MOVE_NAMES, MOVES, Selection

NAMED = 3
COLOURS = {"slipping": "terracotta", "lost": "terracotta", "champion": "gold", "back": "pine"}


@dataclass(frozen=True, kw_only=True)
class Change:
    """Those who moved one way.

    Attributes:
        address: Of their list, or "" where there is nobody.
        name: What happened.
        customers: How many they are.
        who: Some of them by name, or "".
        colour: Of its figure.
    """

    address: str
    name: str
    customers: str
    who: str
    colour: str


@dataclass(frozen=True)
class Changes:
    """What changed, and since when; without a day to compare with, nothing."""

    lines: tuple[Change, ...]
    basis: str


def changes() -> Changes | None:
    """What changed between the last two days that were scored; None before there are two."""
    run = latest_run()
    if run is None or run.before is None:
        return None
    found = moved(run, most=NAMED)
    ids = [one for _, some in found.values() for one in some]
    names = {one.id: name_of(one.name) for one in customers_by_id(ids)}
    return Changes(
        tuple(_change(move, *found[move], names) for move in MOVES),
        gettext("Between {before} and {until}, from {count} customers.").format(
            before=date_text(run.before),
            until=date_text(run.until),
            count=number_text(run.customers),
        ),
    )


def _change(move: str, customers: int, some: tuple[UUID, ...], names: Mapping[UUID, str]) -> Change:
    told = [names[one] for one in some if one in names]
    if customers > len(told) and told:
        told.append(gettext("{count} more").format(count=number_text(customers - len(told))))
    return Change(
        address=list_address(Selection(moved=move)) if customers else "",
        name=gettext(MOVE_NAMES[move]),
        customers=number_text(customers),
        who=list_text(told),
        colour=COLOURS[move],
    )
