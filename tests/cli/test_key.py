"""``regulars key``: a key is made, shown once, listed without its secret, rotated and taken back."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.fixture
def home(empty_home: Path) -> Path:
    return empty_home


def test_a_key_lives_through_making_rotating_and_taking_back(regulars: Run, home: Path) -> None:
    made = regulars("key", "add", "Till", "--scope", "events:write", "--home", home)
    token = made.stdout.strip()
    assert made.returncode == 0
    assert token.startswith("rgl_")
    mark = token.split("_")[1]
    rotated = regulars("key", "rotate", mark, "--home", home).stdout.strip()
    assert regulars("key", "revoke", mark, "--home", home).returncode == 0
    shown = regulars("key", "list", "--json", "--home", home).stdout
    assert not any(secret.split("_", 2)[2] in shown for secret in (token, rotated))
    latest, first = json.loads(shown)
    assert (first["mark"], first["name"], first["scopes"]) == (mark, "Till", ["events:write"])
    assert first["revoked_at"]
    assert not latest["revoked_at"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", "Till", "--scope", "everything"), "There is no scope “everything”"),
        (("add", " ", "--scope", "events:write"), "name"),
        (("add", "Till", "--scope", "events:write", "--source", "My Till"), "“My Till” cannot be"),
        (("add", "Till", "--scope", "events:write", "--days", "99999999"), "3650"),
        (("rotate", "000000000000", "--overlap-days", "99999999"), "3650"),
        (("revoke", "000000000000"), "There is no key “000000000000”"),
        (("rotate", "000000000000"), "There is no key “000000000000”"),
    ],
)
def test_what_cannot_be_is_said_in_a_line(
    regulars: Run, home: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = regulars("key", *arguments, "--home", home)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
