"""Calls ``regulars`` in processes of their own that need not import again what all of them need.

``python -m tests.cli.forked`` reads a call a line, as JSON (arguments, folder, environment, and the files
for what is said), and answers each with the exit code once the process is over.
"""

import importlib
import json
import os
import sys
from typing import Any

# Nothing of these looks at the environment when it is imported, and nothing starts a thread.
SHARED = (
    "regulars.insight", "regulars.insight.report", "regulars.insight.town", "rich.progress", "typer.main",
    "django.contrib.auth.hashers", "django.core.management", "django.db.migrations.executor",
    "granian.server", "ibis.backends.duckdb.converter", "ibis.expr.types.groupby", "multiprocessing.spawn",
    "pyarrow.pandas_compat", "pydantic", "sqlite3",
)  # fmt: skip


def become(call: dict[str, Any]) -> None:
    """This process is the call from here on."""
    os.chdir(call["folder"])
    os.environ.clear()
    os.environ.update(call["environment"])
    sys.argv = ["regulars", *call["arguments"]]
    for number, path, flags in (
        (0, os.devnull, os.O_RDONLY),
        (1, call["stdout"], os.O_WRONLY | os.O_CREAT),
        (2, call["stderr"], os.O_WRONLY | os.O_CREAT),
    ):
        opened = os.open(path, flags)
        os.dup2(opened, number)
        os.close(opened)


def calls() -> None:
    """Returns in the process of each call; leaves this one when there are no more."""
    for line in sys.stdin:
        child = os.fork()
        if not child:
            become(json.loads(line))
            return
        sys.stdout.write(f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n")
        sys.stdout.flush()
    sys.exit()


if __name__ == "__main__":
    for name in SHARED:
        importlib.import_module(name)
    calls()
    importlib.import_module("regulars.cli").main()
