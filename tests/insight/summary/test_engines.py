"""Engines by their names."""

from pathlib import Path

import pytest

from regulars.insight.engines import open_engine
from regulars.insight.errors import UnknownEngine


def test_an_engine_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownEngine, match="abacus"), open_engine("abacus", workspace=tmp_path):
        pass
