"""The documentation says what the product does; what it leaves out fails here."""

import inspect
import re
from pathlib import Path

import pytest

import regulars
from regulars import insight
from regulars.cli.app import app
from regulars.insight.report.small_print import REASONS
from regulars.kernel.errors import RegularsError

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
SECTIONS = ("Guarantee", "Formula", "Source", "Assumptions", "Limits")


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def every_error() -> list[type[RegularsError]]:
    found, left = [], [RegularsError]
    while left:
        kinds = left.pop().__subclasses__()
        found += kinds
        left += kinds
    return sorted(found, key=lambda kind: kind.code)


@pytest.mark.parametrize("error", every_error(), ids=lambda error: error.code)
def test_every_error_is_documented_with_its_code(error: type[RegularsError]) -> None:
    assert f"`{error.code}`" in text(DOCS / "errors.md")


def test_every_option_is_documented() -> None:
    documented = text(DOCS / "command-line.md")
    for command in app.registered_commands:
        for parameter in inspect.signature(command.callback).parameters.values():  # type: ignore[arg-type]
            for detail in getattr(parameter.annotation, "__metadata__", ()):
                for name in getattr(detail, "param_decls", None) or ():
                    assert name.split("/")[0] in documented, name


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
        if room.name != "__pycache__" and any(room.glob("*.py")):
            assert f"{room.name}/" in shown, room


def test_every_name_of_the_python_interface_is_documented_where_it_lives() -> None:
    for name in insight.__all__:
        thing = getattr(insight, name)
        if inspect.isclass(thing) or inspect.isfunction(thing):
            assert inspect.getdoc(thing), name


def test_every_reason_for_leaving_a_row_out_is_documented() -> None:
    documented = text(DOCS / "algorithms" / "reading.md")
    for reason in REASONS:
        assert f"`{reason}`" in documented


def test_the_project_speaks_of_itself_alone() -> None:
    forbidden = re.compile(r"issue ?#\d|/work/|index-url|/simple\b", re.IGNORECASE)
    for path in (*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *(ROOT / "requirements").glob("*")):
        if path.name != "lock.py":
            assert not forbidden.search(text(path)), path


def test_the_version_is_in_the_changelog() -> None:
    assert "Unreleased" in text(ROOT / "CHANGELOG.md")
    assert regulars.__version__
