"""What routes have in common."""

from regulars.api.schemas import Problem

EVERYWHERE = (401, 403, 405, 429, 500, 503, 507)


def problems(*statuses: int) -> dict[int, type[Problem]]:
    """The statuses of errors that a route answers with, those of every route among them."""
    return dict.fromkeys(sorted({*EVERYWHERE, *statuses}), Problem)


# Of a route that adds something, with a body; of one that changes or removes something.
ADDED = problems(400, 404, 409, 410, 413, 422)
CHANGED = ADDED
