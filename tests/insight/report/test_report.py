"""The report's promises, held against its text."""

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pyarrow as pa
import pytest

from regulars.insight.errors import CannotWrite
from regulars.insight.report import render_report, write_report
from regulars.insight.result import ScoreResult
from regulars.kernel.language import LANGUAGES

HOSTILE = (
    "<script>alert(1)</script>",
    "\"><img src=x onerror='alert(1)'>",
    "{{ 7 * 7 }} {% raw %}",
    "\u202eevil\u202c \u2067אבג",
    "👩\u200d👩\u200d👧\u200d👦" * 30,
    "ก็" * 200,
    "</style></title></svg>&amp;",
)


class Outline(HTMLParser):
    """Headings, elements and ids of a document, and whether its tags close in order."""

    void = frozenset({"meta", "br", "img", "link", "input", "hr"})

    def __init__(self, document: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.ids: list[str] = []
        self.headings: list[int] = []
        self.words: list[str] = []
        self.feed(document)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes.update(name for name, _ in attrs)
        self.ids += [str(value) for name, value in attrs if name == "id"]
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in self.void:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes.update(name for name, _ in attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))


def test_every_rung_gives_a_whole_page_in_every_language(any_result: ScoreResult) -> None:
    for language in LANGUAGES:
        outline = Outline(render_report(any_result, language))
        assert outline.open == []
        assert outline.headings[0] == 1
        assert outline.headings.count(1) == 1
        assert len(outline.ids) == len(set(outline.ids))
        steps = zip(outline.headings, outline.headings[1:], strict=False)
        assert all(after <= before + 1 for before, after in steps)


def test_the_page_needs_nothing_but_itself(any_result: ScoreResult) -> None:
    page = render_report(any_result, "en")
    outline = Outline(page)
    assert not outline.elements & {"script", "link", "img", "iframe", "object", "form", "image"}
    assert not outline.attributes & {"src", "xlink:href", "srcset", "style", "action"}
    assert not any(name.startswith("on") for name in outline.attributes)
    assert not re.search(r"https?://|//[a-z]|url\(|@import", page)


def test_the_same_findings_give_the_same_page(everything: ScoreResult) -> None:
    assert render_report(everything, "de") == render_report(everything, "de")


def test_the_page_speaks_without_exclamation_marks_and_jargon(any_result: ScoreResult) -> None:
    words = Outline(render_report(any_result, "en")).text
    assert "!" not in words
    for jargon in ("CLV", "clv", "crv", "P(alive)", "p_alive", "cascade", "-nbd", "nan", "None"):
        assert jargon not in words


@pytest.mark.parametrize("language", ["de", "es", "th"])
def test_no_english_sentence_remains(any_result: ScoreResult, language: str) -> None:
    english = ("customers", "expected", "brought", "people", " the ", "week", "Who ", "What ")
    words = Outline(render_report(any_result, language)).text
    assert [word for word in english if word in words] == []


def test_names_of_customers_are_only_ever_text(everything: ScoreResult) -> None:
    count = len(everything.scores)
    names = [HOSTILE[i % len(HOSTILE)] for i in range(count)]
    position = everything.scores.column_names.index("customer_name")
    hostile = replace(
        everything,
        scores=everything.scores.set_column(position, "customer_name", pa.array(names)),
        thanks=tuple(
            replace(one, name=names[i], friends=HOSTILE[:5])
            for i, one in enumerate(everything.thanks)
        ),
        slipping=tuple(replace(one, name=names[i]) for i, one in enumerate(everything.slipping)),
        notes=HOSTILE,
    )
    page = render_report(hostile, "en")
    outline = Outline(page)
    assert outline.open == []
    assert not outline.elements & {"script", "img"}
    assert "onerror" not in outline.attributes
    assert "&lt;script&gt;" in page
    assert "{{ 7 * 7 }}" in outline.text
    headline = re.search(r"<h1>(.*?)</h1>", page)
    assert headline
    assert "\u202e" not in headline.group(1)


def test_a_million_customers_make_no_larger_page(a_million: ScoreResult) -> None:
    page = render_report(a_million, "en")
    assert len(page.encode()) < 1_500_000
    assert "1,000,000 customers" in page


def test_one_customer_on_one_day_gets_a_friendly_page(first_day: ScoreResult) -> None:
    words = Outline(render_report(first_day, "en")).text
    assert "Ana Sommer" in words
    assert "is your first customer" in words
    assert "€12.50 in all" in words
    assert "Who sent you?" in words  # how to begin


def test_how_sure_and_from_how_many_stands_beside_the_figures(everything: ScoreResult) -> None:
    words = Outline(render_report(everything, "en")).text
    assert "With 90% certainty between" in words
    assert "As of 30 June 2026, from 2,000 customers." in words


def test_a_forecast_is_judged_by_what_happened(everything: ScoreResult) -> None:
    """|1846.2 - 1882| / 1882 = 35.8 / 1882 = 1.9 %."""
    words = Outline(render_report(everything, "en")).text
    assert "The forecast was 1,846 purchases, and 1,882 happened" in words
    assert "it can be trusted to within about 2%." in words
    far_off = {**everything.summary, "holdout": {**everything.summary["holdout"], "actual": 1200}}
    words = Outline(render_report(replace(everything, summary=far_off), "en")).text
    assert "off by 54%. Take what is expected with great care." in words  # 646.2 / 1200


def test_margin_is_called_margin_and_revenue_revenue(everything: ScoreResult) -> None:
    assert "revenue expected in the next 52 weeks" in Outline(render_report(everything, "en")).text
    for settings in (
        replace(everything.settings, margin=0.4),
        replace(everything.settings, margin_from_file=True),
    ):
        words = Outline(render_report(replace(everything, settings=settings), "en")).text
        assert "margin expected in the next 52 weeks" in words


@pytest.mark.parametrize("shared", [slice(0, 12), slice(6, 8)])
def test_nobody_stands_twice_in_the_list_of_the_week(
    everything: ScoreResult, shared: slice
) -> None:
    both = replace(
        everything,
        slipping=tuple(
            replace(gone, customer_id=sender.customer_id, name=sender.name)
            for gone, sender in zip(everything.slipping, everything.thanks[shared], strict=False)
        ),
    )
    page = render_report(both, "en")
    week = page[page.index('<ol class="actions">') : page.index("</ol>")]
    names = re.findall(r'class="why">\u2068(.*?)\u2069', week)
    assert len(names) == 10
    assert len(set(names)) == 10


def test_how_the_model_was_chosen_stands_in_the_fold(everything: ScoreResult) -> None:
    told = replace(everything, notes=("Read as CSV.",), model_notes=("Chosen by what came.",))
    page = render_report(told, "en")
    assert "Chosen by what came." in page[page.rindex("<details") :]
    assert "Chosen by what came." not in page[: page.rindex("<details")]
    assert "Read as CSV." in page[: page.rindex("<details")]
    assert "How often people buy: Pareto/NBD" in Outline(page).text


def test_every_reason_for_leaving_out_has_words(everything: ScoreResult) -> None:
    words = Outline(render_report(everything, "en")).text
    assert "no customer is named 214" in words
    assert "somebody else had already brought this friend 39" in words
    assert "no_customer" not in words


def test_the_file_is_written_into_a_new_folder(first_day: ScoreResult, tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "report.html"
    write_report(first_day, path, language="th")
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_where_a_file_stands_for_the_folder_nothing_is_left_behind(
    first_day: ScoreResult, tmp_path: Path
) -> None:
    (tmp_path / "folder").write_text("a file")
    with pytest.raises(CannotWrite):
        write_report(first_day, tmp_path / "folder" / "report.html", language="en")
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("folder", "a file")]


def test_where_a_folder_stands_for_the_file_nothing_is_left_behind(
    first_day: ScoreResult, tmp_path: Path
) -> None:
    (tmp_path / "report.html" / "kept").mkdir(parents=True)
    with pytest.raises(CannotWrite):
        write_report(first_day, tmp_path / "report.html", language="en")
    assert sorted(file.name for file in tmp_path.rglob("*")) == ["kept", "report.html"]


def test_an_unknown_language_is_refused(first_day: ScoreResult) -> None:
    with pytest.raises(ValueError, match="fr"):
        render_report(first_day, "fr")


def test_a_small_town_sees_who_brought_whom(
    result_on: Callable[[str], ScoreResult],
) -> None:
    page = render_report(result_on("rhythm"), "en")
    tree = page[page.index('<ul class="trees">') :]
    ana = tree.index("Ana Sommer")
    ben = tree.index("Ben Sommer")
    assert tree[ana:ben].count("<ul>") == 1  # Ben stands one step below Ana, who brought him
