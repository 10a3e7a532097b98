"""The results that reports are tested with."""

from collections.abc import Callable

import pytest
from tests.insight.report.made_up_results import RUNGS, facts_result, full_result

from regulars.insight.result import ScoreResult


@pytest.fixture(scope="session", params=list(RUNGS))
def any_result(request: pytest.FixtureRequest) -> ScoreResult:
    """A result on each rung in turn."""
    return RUNGS[request.param]()


@pytest.fixture(scope="session")
def everything() -> ScoreResult:
    """A result in which everything is known."""
    return full_result()


@pytest.fixture(scope="session")
def a_million() -> ScoreResult:
    """A result of a million customers."""
    return full_result(1_000_000)


@pytest.fixture(scope="session")
def first_day() -> ScoreResult:
    """One customer on one day."""
    return facts_result()


@pytest.fixture(scope="session")
def result_on() -> Callable[[str], ScoreResult]:
    """Gives a result on a rung by its name."""
    return lambda rung: RUNGS[rung]()
