"""The documentation says what the product does; what it leaves out fails here."""

import importlib
import inspect
import re
import subprocess
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest
import typer

from regulars import insight
from regulars.cli.app import app
from regulars.cli.score import score
from regulars.insight.report.small_print import REASONS
from regulars.insight.score import ScoreRequest
from regulars.insight.settings import Settings
from regulars.intake.reactions import REACTIONS
from regulars.kernel.errors import RegularsError
from regulars.stream.types import TYPES
from tests.documented import DOCS, first_cells

ROOT = Path(__file__).parents[2]
SECTIONS = ("Guarantee", "Formula", "Source", "Assumptions", "Limits")


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def every_error() -> list[type[RegularsError]]:
    for module in (ROOT / "src" / "regulars").rglob("errors.py"):
        name = module.relative_to(ROOT / "src").with_suffix("")
        importlib.import_module(".".join(name.parts))
    found, left = [], [RegularsError]
    while left:
        kinds = left.pop().__subclasses__()
        found += kinds
        left += kinds
    return sorted(found, key=lambda kind: kind.code)


def options() -> set[str]:
    """Every option of every command, both names of a switch."""

    def every(command: click.Command) -> Iterator[click.Command]:
        yield command
        for inner in getattr(command, "commands", {}).values():
            yield from every(inner)

    commands = [
        command for top in typer.main.get_command(app).commands.values() for command in every(top)
    ]
    return {
        name
        for command in commands
        for parameter in command.params
        for name in (*parameter.opts, *parameter.secondary_opts)
        if name.startswith("--") and name != "--help"
    }


def test_every_name_of_the_library_is_documented_and_no_other() -> None:
    assert first_cells(text(DOCS / "python.md")) == set(insight.__all__)


def test_every_error_is_documented_and_no_other() -> None:
    assert first_cells(text(DOCS / "errors.md")) == {error.code for error in every_error()}


def test_every_event_type_is_documented_with_its_version_and_no_other() -> None:
    page = text(DOCS / "events.md").split("What follows")[0]
    shown = dict(re.findall(r"^\| `([a-z.]+)` \| (\d+) \|", page, re.MULTILINE))
    assert shown == {kind.name: str(kind.version) for kind in TYPES.values()}


def test_every_reaction_is_documented_and_no_other() -> None:
    page = text(DOCS / "events.md").split("What follows")[1]
    assert first_cells(page) == set(REACTIONS)


def test_every_setting_is_documented_and_no_other() -> None:
    elsewhere = ("cli/language.py", "jobs/backups/wishes.py")
    sources = [
        *(ROOT / "src/regulars/project").glob("*.py"),
        *(ROOT / "src/regulars" / file for file in elsewhere),
    ]
    used = {
        name
        for source in sources
        for name in re.findall(r'"(REGULARS_[A-Z_]+|DATABASE_URL)"', text(source))
    }
    assert first_cells(text(DOCS / "settings.md")) == used


def test_every_option_is_documented_and_no_other() -> None:
    assert first_cells(text(DOCS / "command-line.md")) == options()


def test_the_assumptions_are_the_same_at_every_door() -> None:
    assumed = {field.name: field.default for field in fields(Settings)}
    for door in (score, ScoreRequest):
        for name, parameter in inspect.signature(door).parameters.items():
            if name in assumed and name not in ("until", "margin"):
                assert parameter.default == assumed[name], (door, name)


@pytest.mark.parametrize(
    "page", sorted((DOCS / "algorithms").glob("*.md")), ids=lambda page: page.stem
)
def test_every_algorithm_states_its_guarantee_formula_source_assumptions_and_limits(
    page: Path,
) -> None:
    headings = re.findall(r"^## (.+)$", text(page), re.MULTILINE)
    assert [section for section in SECTIONS if section not in headings] == []


def test_every_link_between_pages_leads_somewhere() -> None:
    for page in (*ROOT.glob("*.md"), *DOCS.rglob("*.md")):
        for target in re.findall(r"\]\(([^)#]+)\)", text(page)):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_map_names_every_room() -> None:
    shown = text(DOCS / "map.md")
    for room in (ROOT / "src" / "regulars").rglob("*/"):
        if room.name not in ("__pycache__", "migrations") and any(room.glob("*.py")):
            assert f"{room.name}/" in shown, room


@pytest.mark.parametrize("room", ["kernel", "insight"])
def test_the_map_names_every_module_of_a_room(room: str) -> None:
    shown = re.search(rf"^  {room}/(.+?)^  \w", text(DOCS / "map.md"), re.MULTILINE | re.DOTALL)
    assert shown
    named = set(re.findall(r"\w+\.py", shown[1]))
    modules = {path.name for path in (ROOT / "src" / "regulars" / room).glob("*.py")}
    assert named == modules - {"__init__.py"}


def test_every_name_of_the_python_interface_is_documented_where_it_lives() -> None:
    for name in insight.__all__:
        thing = getattr(insight, name)
        if inspect.isclass(thing) or inspect.isfunction(thing):
            # A dataclass without words of its own gets its signature for a docstring.
            assert thing.__doc__, name
            assert not thing.__doc__.startswith(f"{name}("), name


def test_every_reason_for_leaving_a_row_out_is_documented() -> None:
    documented = text(DOCS / "algorithms" / "reading.md")
    for reason in REASONS:
        assert f"`{reason}`" in documented, reason


def test_the_project_speaks_of_itself_alone() -> None:
    """No path of a machine, no address of a package registry, no number of a tracker."""
    forbidden = re.compile(
        r"/(?:home|root|tmp|Users)/\w|index[-]url=|/simpl[e]/|\bissue ?#\d"
        r"|pypi\.org|pythonhos[t]ed|npmjs\.",
        re.IGNORECASE,
    )
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path.suffix != ".png" and path.is_file():
            assert not forbidden.search(text(path)), name
