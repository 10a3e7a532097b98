"""A wrong call, said in one line and in the reader's language."""

import re
from typing import Any

from pydantic import ValidationError
from typer.exceptions import TyperException

from regulars.kernel.faults import LIMITS
from regulars.kernel.language import gettext, mark

CHOICES = re.compile(r"is not one of (.*)\.$")
# What typer says of no parameter of ours, and how we say it.
SAID = (
    (re.compile(r"No such command '(.*)'\.$"), mark("There is no command “{name}”.")),
    (
        re.compile(r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)$"),
        mark("“{name}” is too much."),
    ),
    (re.compile(r"Option '(.*)' requires "), mark("“{name}” needs a value.")),
    (re.compile(r"Option '(.*)' does not take a value\.$"), mark("“{name}” takes no value.")),
)


def sentence_of(error: Exception) -> str | None:
    """What is wrong about a call, and where its options are; None where the error is another.

    It is "" where the help has been shown already.

    Args:
        error: As typer raises it when it is not to print it by itself.
    """
    if not isinstance(error, TyperException):
        return None
    if type(error).__name__ == "NoArgsIsHelpError":
        return ""
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "regulars"
    help_line = gettext("“{command} --help” shows what it takes.").format(command=command)
    return f"{what_is_wrong(error)} {help_line}"


def what_is_wrong(error: Any) -> str:
    """The first half of the sentence."""
    kind = type(error).__name__
    parameter = getattr(error, "param", None)
    if kind == "NoSuchOption":
        return gettext("There is no option “{name}”.").format(name=error.option_name)
    if parameter is None:
        told = error.format_message()
        for typers, ours in SAID:
            if found := typers.match(told):
                return gettext(ours).format(name=found[1])
        return as_sentence(told)
    name = shown_name(parameter)
    if kind == "MissingParameter":
        return gettext("“{name}” is missing.").format(name=name)
    why = reason(error)
    return gettext("“{name}” cannot be used so: {why}").format(name=name, why=as_sentence(why))


def shown_name(parameter: Any) -> str:
    """A parameter as somebody types it: an option's long name, an argument in capital letters."""
    longest = str(max(parameter.opts, key=len))
    return longest if longest.startswith("-") else longest.strip("_").upper()


def reason(error: Any) -> str:
    """Why a value cannot be used."""
    cause = error.__cause__
    if not isinstance(cause, ValidationError):
        return str(error.message)
    details = cause.errors(include_url=False)[0]
    value, kind = details["input"], details["type"]
    if kind in LIMITS:
        bound, limits = LIMITS[kind]
        limit = gettext(limits).format(limit=f"{details['ctx'][bound]:g}")
        return gettext("{value} is not {limits}.").format(value=value, limits=limit)
    choices = CHOICES.search(details["msg"])
    if choices:
        return gettext("{value} is not one of {choices}.").format(value=value, choices=choices[1])
    if kind.startswith(("int", "float")):
        return gettext("{value} is no number of that kind.").format(value=value)
    return gettext("{value} does not fit.").format(value=value)


def as_sentence(text: str) -> str:
    """A text with a full stop at its end."""
    return text if text.endswith((".", "。", "?", "!")) else f"{text}."
