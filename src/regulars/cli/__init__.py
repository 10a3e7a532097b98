"""The command line: the analyst's door.

Each command parses, calls ``insight`` and prints. What is computed, and how, lives in
``insight``; what is said when something is wrong, in the errors of the room it went wrong in.
"""

import importlib
import signal
import sys

from regulars.cli.door import INTERRUPTED, NOTHING_USABLE
from regulars.cli.language import environment_language
from regulars.kernel.language import speaking

TERMINATED = 143


def main() -> None:
    """Run the command line in the language of the environment.

    The commands are imported inside it, because their help is read as they are defined.
    """
    # As Ctrl-C does, a polite end leaves no intermediate files behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    with speaking(environment_language()):
        try:
            command = importlib.import_module("regulars.cli.app").command()
            code = command(prog_name="regulars", standalone_mode=False)
        except KeyboardInterrupt:
            sys.exit(INTERRUPTED)
        except Exception as error:
            # What typer says of a wrong call is in English, and in its own words.
            said = importlib.import_module("regulars.cli.wrong_call").sentence_of(error)
            if said is None:
                raise
            sys.stderr.write(said and said + "\n")
            sys.exit(NOTHING_USABLE)
        sys.exit(code if isinstance(code, int) else 0)
