"""What is summed up holds over many made-up files, in any order and however they are split."""

import pytest
from tests.insight.conftest import engine as engine  # noqa: PLC0414
from tests.insight.summary.conftest import sum_up as sum_up  # noqa: PLC0414
from tests.insight.summary.test_summary import (
    a_new_customer_changes_no_other,
    nothing_is_lost_and_nothing_counts_twice,
    splitting_a_file_changes_nothing,
    the_order_of_rows_does_not_matter,
    tried,
)

pytestmark = pytest.mark.proof
test_the_order_of_rows_does_not_matter = tried(the_order_of_rows_does_not_matter, examples=40)
test_splitting_a_file_changes_nothing = tried(splitting_a_file_changes_nothing, examples=40)
test_a_new_customer_changes_no_other = tried(a_new_customer_changes_no_other, examples=40)
test_nothing_is_lost_and_nothing_counts_twice = tried(
    nothing_is_lost_and_nothing_counts_twice, examples=40
)
