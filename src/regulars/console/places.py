"""Which places somebody looks at: their own at first, another or all of them where they say so.

It is no wall: whoever is looked for by name is found wherever they are.
"""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from regulars.console.access import here
from regulars.kernel.language import gettext
from regulars.kernel.words import list_text
from regulars.people.queries import open_locations

SESSION_KEY = "place"
EVERYWHERE, MINE = "everywhere", "mine"


@dataclass(frozen=True)
class Places:
    """What is looked at.

    Attributes:
        ids: Of the locations; none for everywhere.
        names: In a list, or "".
        chosen: Of the choices.
        choices: Value and name; none where there is nothing to choose.
    """

    ids: tuple[UUID, ...]
    names: str
    chosen: str
    choices: tuple[tuple[str, str], ...]


def places_looked_at(request: HttpRequest) -> Places:
    """What somebody looks at now."""
    known = {str(one.id): one for one in open_locations()}
    mine = [one for one in _mine(request) if str(one) in known]
    # With a place alone everything is there already, unless it is told of nowhere.
    if len(known) < 2:  # noqa: PLR2004  (one is no choice)
        return Places((), "", EVERYWHERE, ())
    wished = str(request.session.get(SESSION_KEY, ""))
    chosen = wished if wished in known else EVERYWHERE
    if mine and wished not in {*known, EVERYWHERE}:
        chosen = str(mine[0]) if len(mine) == 1 else MINE
    ids = tuple(mine) if chosen == MINE else () if chosen == EVERYWHERE else (UUID(chosen),)
    choices = (
        (EVERYWHERE, gettext("Everywhere")),
        *([(MINE, gettext("My places"))] if len(mine) > 1 else []),
        *((one, place.name) for one, place in known.items()),
    )
    names = list_text([known[str(one)].name for one in ids]) if ids else ""
    return Places(ids, names, chosen, choices)


def at_place(request: HttpRequest) -> dict[str, str]:
    """Where something that is noted now happens, as an event tells it; nothing where that is not sure.

    It is sure of who works at one place alone, and of who looks at one of theirs.
    """
    mine = _mine(request)
    if len(mine) != 1:
        looked_at = places_looked_at(request).ids
        mine = looked_at if len(looked_at) == 1 and looked_at[0] in mine else ()
    return {"location_id": str(mine[0])} if mine else {}


@require_POST
def place_chosen(request: HttpRequest) -> HttpResponse:
    """Looks at another place, on the page that one comes from."""
    request.session[SESSION_KEY] = str(request.POST.get("place", ""))[:40]
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/")
    return redirect(back if is_ours else "home")


def _mine(request: HttpRequest) -> tuple[UUID, ...]:
    _, employee = here(request)
    return tuple(
        employee.locations.filter(closed_at=None).order_by("name").values_list("id", flat=True)
    )
