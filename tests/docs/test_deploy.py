"""What the documentation shows of files of this repository is what they say."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("file", sorted((ROOT / "deploy").iterdir()), ids=lambda file: file.name)
def test_docs_show_the_files_of_the_repository_word_for_word(file: Path) -> None:
    page = (ROOT / "docs/deploy.md").read_text(encoding="utf-8")
    content = file.read_text(encoding="utf-8")
    assert f"\n```{'' if 'Caddy' in file.name else 'ini'}\n{content}```\n" in page
    assert f"deploy/{file.name}" in page
