"""Prints the help of every command, as JSON: ``python -m tests.cli.all_help``."""

import json
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from typing import Any

from regulars.cli.language import environment_language
from regulars.kernel.language import speaking


def helps(command: Any, context: Any) -> Iterator[tuple[str, str]]:
    """A command and all that it has, each with its help."""
    with context:
        with redirect_stdout(StringIO()) as said:  # where rich is, it is printed
            told = command.get_help(context)
        yield context.command_path, told + said.getvalue()
        for name, one in getattr(command, "commands", {}).items():
            yield from helps(
                one, one.make_context(name, [], parent=context, resilient_parsing=True)
            )


def printed() -> dict[str, str]:
    """The help of every command, in the language of the environment."""
    with speaking(environment_language()):
        # Its words are read as it is imported.
        from regulars.cli.app import command  # noqa: PLC0415

        whole = command()
        return dict(helps(whole, whole.make_context("regulars", [], resilient_parsing=True)))


if __name__ == "__main__":
    sys.stdout.write(json.dumps(printed()))
