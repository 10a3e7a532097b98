"""How every command ends: in a sentence and an exit code that mean something."""

import errno
import functools
import sys
import traceback
from collections.abc import Callable
from contextlib import nullcontext
from typing import NoReturn, ParamSpec

import typer

from regulars.kernel.errors import RegularsError
from regulars.kernel.language import gettext, mark, speaking

OUR_FAULT = 1
NOTHING_USABLE = 2
INTERRUPTED = 130
INTERRUPTED_SENTENCE = mark(
    "Interrupted. Every file is whole: as it was before, or as it was to be."
)
NO_SPACE_SENTENCE = mark("There is no space left to write to; make some, and run it again.")
# How DuckDB hands on Ctrl-C; not imported, so that help stays quick.
DUCKDB_INTERRUPTED = "Query interrupted"
OUR_FAULT_SENTENCE = mark(
    "This is our fault, not yours. The lines above say where; please report them."
)

P = ParamSpec("P")


def command(body: Callable[P, None]) -> Callable[P, None]:
    """Run a command's body; turn what stops it into a sentence on stderr and an exit code.

    0 done; 2 nothing usable, or a wrong call; 130 interrupted; 143 ended by a signal; 1 our fault. A
    ``language_`` among the body's options is the language of all that is said.
    """

    @functools.wraps(body)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
        spoken = kwargs.get("language_")
        with speaking(str(spoken)) if spoken else nullcontext():
            try:
                body(*args, **kwargs)
            except (typer.Exit, typer.BadParameter):
                raise
            except KeyboardInterrupt:
                leave(INTERRUPTED_SENTENCE, INTERRUPTED)
            except RegularsError as error:
                leave(str(error), error.exit_code)
            except BrokenPipeError:
                sys.stderr.close()
                raise typer.Exit from None
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise_our_fault(error)
                leave(NO_SPACE_SENTENCE, NOTHING_USABLE)
            except Exception as error:  # noqa: BLE001
                if str(error) == DUCKDB_INTERRUPTED:
                    leave(INTERRUPTED_SENTENCE, INTERRUPTED)
                raise_our_fault(error)

    return guarded


def raise_our_fault(error: Exception) -> NoReturn:
    """Show where it happened, and leave."""
    traceback.print_exception(error)
    leave(OUR_FAULT_SENTENCE, OUR_FAULT)


def leave(sentence: str, exit_code: int) -> NoReturn:
    """Say why on stderr, and leave."""
    sys.stderr.write(gettext(sentence) + "\n")
    raise typer.Exit(exit_code)
