"""An order counts once over many made-up shops, whatever stands on which of its lines."""

import pytest
from tests.insight.conftest import engine as engine  # noqa: PLC0414
from tests.insight.reading.conftest import lines_of as lines_of  # noqa: PLC0414
from tests.insight.reading.test_order_totals import tried

pytestmark = pytest.mark.proof
test_an_order_counts_once_whatever_its_lines_say_where = tried(examples=60)
