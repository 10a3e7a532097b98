"""How every command ends: in a sentence and an exit code that mean something."""

import functools
import sys
import traceback
from collections.abc import Callable
from typing import ParamSpec

import typer

from regulars.kernel.errors import RegularsError
from regulars.kernel.language import gettext

OUR_FAULT = 1
INTERRUPTED = 130

P = ParamSpec("P")


def command(body: Callable[P, None]) -> Callable[P, None]:
    """Run a command's body; turn what stops it into a sentence on stderr and an exit code.

    0 done; 2 nothing usable, or a wrong call; 130 interrupted; 1 our fault.
    """

    @functools.wraps(body)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            body(*args, **kwargs)
        except typer.Exit:
            raise
        except KeyboardInterrupt:
            leave(gettext("Interrupted. Nothing was written."), INTERRUPTED)
        except RegularsError as error:
            leave(str(error), error.exit_code)
        except BrokenPipeError:
            sys.stderr.close()
            raise typer.Exit from None
        except Exception as error:  # noqa: BLE001
            traceback.print_exception(error)
            leave(
                gettext(
                    "This is our fault, not yours, and nothing was written. "
                    "The lines above say where; please report them."
                ),
                OUR_FAULT,
            )

    return guarded


def leave(sentence: str, exit_code: int) -> None:
    """Say why on stderr, and leave."""
    sys.stderr.write(sentence + "\n")
    raise typer.Exit(exit_code)
