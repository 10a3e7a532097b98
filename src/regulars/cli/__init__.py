"""The command line: the analyst's door.

Each command parses, calls ``insight`` and prints. What is computed, and how, lives in
``insight``; what is said when something is wrong, in the errors of the room it went wrong in.
"""

import importlib
import signal
import sys

from regulars.cli.door import INTERRUPTED
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
            importlib.import_module("regulars.cli.app").app()
        except KeyboardInterrupt:
            sys.exit(INTERRUPTED)
