"""How the command line's values are read: days, mappings, shares, and options that belong together."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date
from inspect import Parameter, signature
from typing import Any, get_type_hints

import typer

from regulars.kernel.language import gettext

FIRST_YEAR, LAST_YEAR = 1900, 2199


def option(name: str, text: str, panel: str, **more: Any) -> Any:
    """An option with its help, in a panel of its own kind."""
    return typer.Option(name, help=text, rich_help_panel=panel, **more)


def grouped(body: Callable[..., None]) -> Callable[..., None]:
    """A command whose body gets options that belong together as one dataclass.

    To typer every field of such a dataclass is an option, with the field's annotation and default.
    """
    hints = get_type_hints(body)
    groups: dict[str, Any] = {name: kind for name, kind in hints.items() if is_dataclass(kind)}

    def apart(*arguments: Any, **said: Any) -> None:
        together = {
            name: kind(**{field.name: said.pop(field.name) for field in fields(kind)})
            for name, kind in groups.items()
        }
        body(*arguments, **said, **together)

    shape = signature(body)
    options = [
        Parameter(field.name, Parameter.KEYWORD_ONLY, default=field.default, annotation=hint)
        for kind in groups.values()
        for field in fields(kind)
        for hint in (get_type_hints(kind, include_extras=True)[field.name],)
    ]
    own = [one for name, one in shape.parameters.items() if name not in groups]
    apart.__name__, apart.__doc__ = body.__name__, body.__doc__
    apart.__signature__ = shape.replace(parameters=[*own, *options])  # type: ignore[attr-defined]
    return apart


def day(text: str) -> date:
    """A day as ISO 8601 writes it.

    Raises:
        typer.BadParameter: It is not a day.
    """
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise typer.BadParameter(
            gettext("{text} is not a day. Write it as 2026-06-30.").format(text=text)
        )
    return found


def mapping(pairs: list[str] | None) -> dict[str, str]:
    """Columns by our name, from ``column=theirs``.

    Raises:
        typer.BadParameter: A pair has no "=", or a column comes twice.
    """
    columns: dict[str, str] = {}
    for pair in pairs or []:
        ours, separator, theirs = pair.partition("=")
        if not separator or not ours.strip() or not theirs.strip():
            raise typer.BadParameter(
                gettext("{pair} is not a mapping. Write it as customer_id=Email.").format(pair=pair)
            )
        if ours.strip() in columns:
            raise typer.BadParameter(
                gettext("{column} is mapped twice; choose one.").format(column=ours.strip())
            )
        columns[ours.strip()] = theirs.strip()
    return columns


def share_above_zero(text: str) -> float:
    """A number above 0 and at most 1.

    Raises:
        typer.BadParameter: It is not.
    """
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number <= 1:
        raise typer.BadParameter(
            gettext("{text} is not a share above 0 and up to 1.").format(text=text)
        )
    return number
