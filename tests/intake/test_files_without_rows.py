"""A file with a header and no rows is a day on which nothing happened."""

import pytest
from tests.intake.taking import ACTOR, BERLIN, NOW, take

from regulars.insight import Source
from regulars.insight.errors import MissingColumn
from regulars.intake.files.customers import import_customers
from regulars.intake.files.errors import NoCustomerColumn
from regulars.intake.files.errors_file import Errors
from regulars.intake.files.purchases import import_purchases
from regulars.intake.files.referrals import import_referrals

pytestmark = pytest.mark.django_db


class TestFilesWithoutRows:
    """A till's nightly file after a day on which nothing was sold."""

    @pytest.mark.parametrize(
        ("how", "header"),
        [
            (import_purchases, "customer_id,occurred_at,amount,order_id\n"),
            (import_referrals, "sender_id,friend_id,occurred_at\n"),
            (import_customers, "Name,Telefon\n"),
        ],
    )
    def test_a_header_that_is_understood_is_no_error(self, tmp_path, how, header):
        refused = tmp_path / "errors.csv"
        refused.write_text("of yesterday")
        told = take(tmp_path, header, how=how, errors=Errors(path=refused))
        assert (told.rows, told.recorded, told.has_errors) == (0, {}, False)
        assert "of yesterday" not in refused.read_text()

    def test_it_is_said(self, tmp_path):
        told = take(tmp_path, "customer_id,occurred_at,amount\n")
        assert told.notes == ("file.csv has a header and no rows: there is nothing to take in.",)

    def test_of_several_without_rows_each_header_is_looked_at(self, tmp_path):
        (tmp_path / "a.csv").write_text("customer_id,occurred_at,amount\n")
        (tmp_path / "b.csv").write_text("customer_id,amount\n")
        source = Source(paths=[tmp_path / "a.csv", tmp_path / "b.csv"])
        with pytest.raises(MissingColumn):
            import_purchases(source=source, ground=BERLIN, actor=ACTOR, now=NOW)

    @pytest.mark.parametrize(
        ("how", "error"), [(import_purchases, MissingColumn), (import_customers, NoCustomerColumn)]
    )
    def test_a_header_that_is_none_is_an_error_still(self, tmp_path, how, error):
        with pytest.raises(error):
            take(tmp_path, "7,4.20,x\n", how=how)
