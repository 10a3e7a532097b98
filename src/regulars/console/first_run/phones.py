"""A phone on a sheet that is somebody else's: whose it is, and what can be done about it."""

from collections.abc import Sequence
from dataclasses import replace

from regulars.console.first_run.lines import Line
from regulars.console.shown.names import name_of
from regulars.kernel.errors import RegularsError
from regulars.kernel.language import gettext
from regulars.people.core import normalised
from regulars.people.errors import IdentityTaken
from regulars.people.queries import customers_by_id, owners_of


def with_shared_phones(lines: Sequence[Line], *, region: str | None) -> tuple[Line, ...]:
    """The lines, each with a problem whose phone an earlier line has as well.

    Args:
        lines: As typed.
        region: ISO 3166 of the business, for phones without a country.
    """
    first: dict[str, Line] = {}
    found = []
    for line in lines:
        phone = _compared(line, region) if line.name else ""
        other = first.setdefault(phone, line) if phone else line
        found.append(line if other is line else _beside_phone(line, _on_two_lines(other)))
    return tuple(found)


def with_taken_phone(
    lines: Sequence[Line], error: RegularsError, *, region: str | None
) -> tuple[Line, ...]:
    """The lines, with an error of somebody's phone beside that phone: of one that is taken, whose it is."""
    taken = error.data.get("value")
    told = _taken(str(taken)) if isinstance(error, IdentityTaken) else ""
    return tuple(
        _beside_phone(line, told or str(error)) if _compared(line, region) == taken else line
        for line in lines
    )


def _compared(line: Line, region: str | None) -> str:
    """A line's phone as it is compared; "" where there is none that can be one."""
    if not line.phone or "phone" in line.problems:
        return ""
    return normalised("phone", line.phone, region=region)


def _beside_phone(line: Line, told: str) -> Line:
    return replace(line, problems={**line.problems, "phone": told})


def _on_two_lines(other: Line) -> str:
    return gettext(
        "{name} on line {number} has this phone as well. Leave it with one of them; the other can be noted without."
    ).format(name=other.name, number=other.number)


def _taken(phone: str) -> str:
    """Whose a phone is that belongs to another; "" where it is nobody's by now."""
    owner = owners_of([("phone", phone)]).get(("phone", phone))
    names = [one.name for one in customers_by_id([owner.shown_id])] if owner else []
    if not names:
        return ""
    return gettext(
        "{name} is noted with this phone already. Leave it there; here the phone can stay empty."
    ).format(name=name_of(names[0]))
