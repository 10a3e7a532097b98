"""The names that the documentation lists, to hold against what the product gives."""

import re
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"


def first_cells(page: str) -> set[str]:
    """What stands between backticks in the first column of tables, "=", values and keys cut off."""
    cells = re.findall(r"^\| (`.+?) \|", page, re.MULTILINE)
    names = [name for cell in cells for name in re.findall(r"`([^`]+)`", cell)]
    return {re.split(r"[ ={]", name)[0] for name in names}


def score_columns(*, referrals: bool) -> set[str]:
    """The columns of scores.parquet, those that only referrals give included or not."""
    always, with_referrals = _section("scores.parquet").split("With referrals")
    return first_cells(always) | (first_cells(with_referrals) if referrals else set())


def summary_keys() -> set[str]:
    """The keys of summary.json."""
    return first_cells(_section("summary.json"))


def keys_within(key: str) -> set[str]:
    """The keys inside a key of summary.json."""
    listed = re.search(rf"`{key}{{(.+?)}}`", _section("summary.json"))
    assert listed, key
    return set(listed[1].split(", "))


def _section(heading: str) -> str:
    page = (DOCS / "scores.md").read_text(encoding="utf-8")
    return page.split(f"## {heading}\n")[1].split("\n## ")[0]
