"""A shop's own file has one server and one worker; what a crash leaves behind stands in nobody's way."""

import subprocess
import sys
from pathlib import Path

import pytest

from regulars.project.alone import claim
from regulars.project.errors import RunsAlready, WorksAlready

FIRST = """
import sys
from pathlib import Path
from regulars.project.alone import claim
claim("server", home=Path(sys.argv[1]), where="http://127.0.0.1:8470/")
claim("worker", home=Path(sys.argv[1]), where="4711")
print("there", flush=True)
sys.stdin.read()
"""


def test_who_comes_second_is_told_who_was_first_until_that_one_is_gone(tmp_path: Path) -> None:
    first = subprocess.Popen(
        [sys.executable, "-c", FIRST, tmp_path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert first.stdout is not None
        assert first.stdout.readline() == "there\n"
        with pytest.raises(RunsAlready, match=r"http://127\.0\.0\.1:8470/"):
            claim("server", home=tmp_path, where="http://127.0.0.1:1/")
        with pytest.raises(WorksAlready, match="4711"):
            claim("worker", home=tmp_path, where="1")
    finally:
        first.kill()
        first.communicate()
    claim("server", home=tmp_path, where="http://127.0.0.1:1/")
    assert (tmp_path / "server.lock").read_text() == "http://127.0.0.1:1/"
    claim("worker", home=tmp_path, where="1")
