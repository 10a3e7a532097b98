"""Help, and what is said of a wrong call, are wholly in the reader's language, of every command."""

import json
import os
import re
import subprocess
import sys
from functools import cache

import pytest

from regulars.kernel.language import LANGUAGES
from tests.cli.conftest import SOURCE, Run

# What stands around help, and what typer would say by itself.
AROUND = {
    "en": ("Usage:", "[OPTIONS]", " Options ", "[required]", "Show this help and leave."),
    "de": ("Aufruf:", "[OPTIONEN]", " Optionen ", "[nötig]", "Diese Hilfe zeigen und beenden."),
    "es": ("Uso:", "[OPCIONES]", " Opciones ", "[obligatorio]", "Mostrar esta ayuda y salir."),
    "th": ("วิธีใช้:", "[ตัวเลือก]", " ตัวเลือก ", "[ต้องระบุ]", "แสดงความช่วยเหลือนี้แล้วออก"),
}
TYPERS = re.compile(r"Show this message|<(?:str|int|float|bool|list)\b|COMMAND \[ARGS\]")
SENTENCE = re.compile(r"[A-Za-z]{3,} [a-z]{2,} [a-z]{2,}")
WRONG = ("nosuch", "start --nosuch", "start extra", "start --port", "start --no-worker=2", "score")


@cache
def help_in(language: str) -> dict[str, str]:
    """The help of every command."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.cli.all_help"],
        cwd=SOURCE.parent,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(SOURCE),
            "LANG": "C.UTF-8",
            "REGULARS_LANGUAGE": language,
            "COLUMNS": "240",
            "NO_COLOR": "1",
        },
        capture_output=True,
        check=True,
        text=True,
    )
    found: dict[str, str] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_has_its_help_in_the_language_of_the_environment(language: str) -> None:
    told = help_in(language)
    assert told.keys() == help_in("en").keys() >= {"regulars", "regulars key add", "regulars score"}
    usage, options, panel, required, leave = AROUND[language]
    for command, said in told.items():
        assert all(word in said for word in (f"{usage} {command} {options}", panel, leave)), command
        assert not TYPERS.search(said), command
    assert required in told["regulars key add"]


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_no_sentence_and_no_word_around_it_stays_english(language: str) -> None:
    english, told = help_in("en"), help_in(language)
    for command, said in told.items():
        kept = {line.strip(" │") for line in said.splitlines()} & {
            line.strip(" │") for line in english[command].splitlines()
        }
        sentences = [line for line in kept if SENTENCE.search(line)]
        assert not [line for line in sentences if not line.startswith("regulars ")], command
        for word in AROUND["en"]:
            assert word not in said, command
        for word in ("[default", "<text>", "<number", "<path>", "Arguments", "Commands"):
            assert word not in said, command


@pytest.mark.parametrize("call", WRONG)
def test_a_wrong_call_is_told_in_that_language_too(call: str, regulars: Run) -> None:
    english = regulars(*call.split(), REGULARS_LANGUAGE="en")
    assert english.returncode == 2
    for language in ("de", "es", "th"):
        told = regulars(*call.split(), REGULARS_LANGUAGE=language)
        assert (told.returncode, told.stdout) == (2, "")
        assert not {"such", "command", "requires", "takes", "unexpected", "needs", "missing"} & set(
            re.findall(r"[a-z]+", told.stderr)
        )
