"""The words around a command's help, that typer says in English alone: ours, in the language in use."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import typer
from typer import rich_utils
from typer.main import get_command

from regulars.kernel.language import gettext, mark

USAGE = "Usage: "
# What a value is, by the name that typer has for it; the pieces of a list are the same.
KINDS = {
    "str": mark("text"),
    "int": mark("number"),
    "float": mark("number"),
    "int range": mark("number"),
    "float range": mark("number"),
    "file": mark("file"),
    "dir": mark("folder"),
    "path": mark("path"),
    "Path": mark("path"),
    "DATE": mark("day"),
    "%Y-%m-%d": mark("day"),
    "SHARE": mark("number"),
}


def in_our_words(app: typer.Typer) -> Any:
    """The command that an app is, whose help says everything in the language in use.

    Args:
        app: With its own words in that language already.
    """
    words = {
        "ARGUMENTS_PANEL_TITLE": gettext("Arguments"),
        "OPTIONS_PANEL_TITLE": gettext("Options"),
        "COMMANDS_PANEL_TITLE": gettext("Commands"),
        "DEFAULT_STRING": gettext("[default: {}]"),
        "REQUIRED_LONG_STRING": gettext("[required]"),
    }
    for name, said in words.items():
        setattr(rich_utils, name, said)
    whole = get_command(app)
    for command in _all(whole):
        _translate(command)
    return whole


def _all(command: Any) -> Iterator[Any]:
    """A command and those that it has."""
    yield command
    for one in getattr(command, "commands", {}).values():
        yield from _all(one)


def _translate(command: Any) -> None:
    command.options_metavar = gettext("[OPTIONS]")
    if hasattr(command, "subcommand_metavar"):
        command.subcommand_metavar = gettext("COMMAND [ARGUMENTS]...")
    command.get_usage = partial(_usage, command.get_usage)
    command.get_help_option = partial(_help_option, command.get_help_option)
    for parameter in command.params:
        if parameter.metavar in KINDS:
            parameter.metavar = f"<{gettext(KINDS[parameter.metavar])}>"
        parameter.display_type = partial(_kind, parameter, parameter.display_type)


def _usage(typers: Any, context: Any) -> str:
    """How a command is called, in one line or several."""
    return gettext("Usage:") + " " + str(typers(context)).removeprefix(USAGE)


def _help_option(typers: Any, context: Any) -> Any:
    """The option that shows the help."""
    found = typers(context)
    if found is not None:
        found.help = gettext("Show this help and leave.")
        found.display_type = partial(_kind, found, found.display_type)
    return found


def _kind(parameter: Any, typers: Any, ctx: Any) -> str:
    """What a value is: nothing to say of a switch, the choices themselves, else a word."""
    if getattr(parameter, "is_flag", False):
        return ""
    told = str(typers(ctx)).removeprefix("<").removesuffix(">")
    several = told.startswith("list[")
    told = told.removeprefix("list[").removesuffix("]") if several else told
    return f"<{gettext(KINDS[told]) if told in KINDS else told}>" + ("..." if several else "")
