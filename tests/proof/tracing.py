"""What processes ask of the operating system, as strace tells it, and what was on disk when."""

import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tests.conftest import require

WRITES = ("write", "writev", "pwrite64", "pwritev", "sendto", "sendmsg")
SYNCS = ("fsync", "fdatasync")
LONGEST_TEXT = 200_000  # of one call; PostgreSQL writes many pages at once
PATIENCE_SECONDS = 60
CALL = re.compile(r"^(\d+) +(\w+)\(\d+<([^>]*)>(.*)$")
RESUMED = re.compile(r"^(\d+) +<\.\.\. (\w+) resumed>(.*)$")
RESULT = re.compile(r"= (-?\d+)[^=]*$")
UNFINISHED = "<unfinished ...>"


@dataclass(frozen=True)
class Step:
    """A call of the operating system.

    Attributes:
        call: Its name.
        place: The file or socket.
        text: What was given to it, as strace writes it.
        begun, ended: Lines of the trace; what it never came back from ended after everything.
        worked: Whether it did what it was asked for.
    """

    call: str
    place: str
    text: str
    begun: int
    ended: int
    worked: bool


def steps(trace: Sequence[str]) -> list[Step]:
    """The calls of a trace, in the order in which they were begun."""
    found: list[Step] = []
    open_calls: dict[tuple[str, str], int] = {}
    for number, line in enumerate(trace):
        if begun := CALL.match(line):
            process, call, place, text = begun.groups()
            if line.endswith(UNFINISHED):
                open_calls[process, call] = len(found)
                found.append(Step(call, place, text, number, len(trace), worked=False))
            else:
                found.append(Step(call, place, text, number, number, _worked(text)))
        elif resumed := RESUMED.match(line):
            process, call, text = resumed.groups()
            index = open_calls.pop((process, call), None)
            if index is not None:
                found[index] = replace(found[index], ended=number, worked=_worked(text))
    return found


def _worked(text: str) -> bool:
    result = RESULT.search(text)
    return bool(result) and int(result[1]) >= 0


def is_log(place: str) -> bool:
    """Whether a file is the log that a database writes ahead: SQLite's, or a segment of PostgreSQL's."""
    return bool(re.search(r"sqlite3-wal$|/pg_wal/[0-9A-F]{24}$", place))


def too_early(trace: Sequence[str], told: Sequence[Sequence[str]]) -> list[str]:
    """What was answered before it was on disk.

    Args:
        trace: Of a server and its database, while one caller asked one request after another.
        told: For each request, texts that only it wrote.

    Returns:
        The texts that were not in the log, and the log's writes that were not kept on disk, by the time
        the answer began to be sent.
    """
    calls = steps(trace)
    answers = [one for one in calls if one.call in WRITES and '"HTTP/1.1 20' in one.text]
    writes = [one for one in calls if one.call in WRITES and is_log(one.place)]
    syncs = [one for one in calls if one.call in SYNCS and is_log(one.place) and one.worked]
    assert len(answers) == len(told), f"{len(answers)} answers to {len(told)} requests"
    found = list[str]()
    for answer, texts in zip(answers, told, strict=True):
        before = [one for one in writes if one.begun < answer.begun]
        found += [
            f"{text} was not written"
            for text in texts
            if not any(text in one.text for one in before)
        ]
        found += [
            f"{texts[0]} was not kept: line {one.begun}"
            for one in before
            if not any(_keeps(sync, one) and sync.ended < answer.begun for sync in syncs)
        ]
    return found


def _keeps(sync: Step, write: Step) -> bool:
    """Whether what was written is on disk once this is over."""
    return sync.place == write.place and write.ended < sync.begun


@contextmanager
def traced(processes: Sequence[int], to: Path) -> Iterator[None]:
    """Traces processes, and those that they start, to a file."""
    require(shutil.which("strace") is not None, "strace")
    command = [
        *("strace", "-f", "-y", "-s", str(LONGEST_TEXT), "-o", str(to)),
        *("-e", f"trace={','.join((*WRITES, *SYNCS))}"),
        *(part for pid in processes for part in ("-p", str(pid))),
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as tracer:
        assert tracer.stderr is not None
        end = time.monotonic() + PATIENCE_SECONDS
        attached = 0
        while attached < len(processes):
            said = tracer.stderr.readline()
            require("not permitted" not in said, "the right to trace processes")
            assert tracer.poll() is None, said
            assert time.monotonic() < end
            attached += "attached" in said
        try:
            yield
        finally:
            tracer.terminate()
