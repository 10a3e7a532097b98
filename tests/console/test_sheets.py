"""A page loads the stylesheets that it needs, and no rule lies about that nothing uses."""

import re
from pathlib import Path

import pytest

from regulars import console, kernel
from regulars.console.sheets import ALWAYS, AREAS, INSIDE, sheets_of

HERE = Path(console.__file__).parent
STATIC = {"regulars": HERE / "static/regulars", "look": Path(kernel.__file__).parent / "look"}
# Put together from a kind as the page is laid out.
MADE = re.compile(r"of-\w+|heat-\d|step-\d")


def file_of(sheet: str) -> Path:
    folder, name = sheet.split("/")
    return STATIC[folder] / f"{name}.css"


def test_every_area_of_pages_has_its_sheets_and_every_sheet_an_area():
    # What only others extend or include is no page.
    areas = {one.parent.name for one in (HERE / "templates").glob("*/*.j2")} - {"parts"}
    assert AREAS.keys() == areas
    named = {*ALWAYS, *INSIDE, *(sheet for sheets in AREAS.values() for sheet in sheets)}
    assert all(file_of(sheet).is_file() for sheet in named)
    assert {f"regulars/{one.stem}" for one in STATIC["regulars"].glob("*.css")} == {
        sheet for sheet in named if sheet.startswith("regulars/")
    }


def test_a_page_has_its_own_sheets_last():
    own = ("regulars/files", "regulars/jobs")
    assert sheets_of("jobs/scores.html.j2", is_inside=True) == (*ALWAYS, *INSIDE, *own)
    assert sheets_of("sentence.html.j2", is_inside=False) == ALWAYS


@pytest.mark.parametrize("sheet", sorted(one.stem for one in STATIC["regulars"].glob("*.css")))
def test_every_class_in_a_sheet_is_on_a_page(sheet):
    rules = re.sub(
        r"/\*.*?\*/|\{[^{}]*\}", "", file_of(f"regulars/{sheet}").read_text(), flags=re.DOTALL
    )
    classes = set(re.findall(r"\.([a-z][\w-]*)", rules))
    kinds = ("templates/**/*.j2", "**/*.py", "static/**/*.js")
    said = "\n".join(one.read_text() for kind in kinds for one in HERE.glob(kind))
    used = set(re.findall(r"[\w-]+", said))
    assert {one for one in classes - used if not MADE.fullmatch(one)} == set()
