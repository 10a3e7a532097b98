"""The places of who is signed in: where what they note happens."""

from django.http import HttpRequest

from regulars.console.access import here


def at_place(request: HttpRequest) -> dict[str, str]:
    """Where something that is noted now happens, as an event tells it; nothing where that is not sure.

    It is sure of who works at one place alone.
    """
    _, employee = here(request)
    mine = list(employee.locations.filter(closed_at=None).values_list("id", flat=True)[:2])
    return {"location_id": str(mine[0])} if len(mine) == 1 else {}
