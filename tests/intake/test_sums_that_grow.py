"""What a shop tells of all that was given back of an order so far grows, and counts once."""

import pytest
from tests.intake.taking import take

from regulars.stream.models import Event
from regulars.stream.services import checked

pytestmark = pytest.mark.django_db
SHOPIFY = (
    "Name,Email,Financial Status,Total,Currency,Created at,Refunded Amount,Lineitem name\n"
    "#1001,ana@sommer.example,{status},40.00,EUR,2026-06-01 10:00:00 +0200,{refunded},Cup\n"
)


def given_back():
    told = Event.objects.filter(type="purchase.refunded").order_by("position")
    return [event.data["total"]["amount_minor"] for event in told]


class TestSumsOfRefundsThatGrow:
    def export(self, tmp_path, refunded, status="partially_refunded"):
        text = SHOPIFY.format(refunded=refunded, status=status)
        return take(tmp_path, text)

    def test_what_a_sum_has_grown_by_is_a_further_refund_and_nothing_counts_twice(self, tmp_path):
        for refunded, status in (
            *(("5.00", "partially_refunded"), ("12.00", "partially_refunded")),
            *(("12.00", "partially_refunded"), ("5.00", "partially_refunded")),
            *(("40.00", "refunded"), ("40.00", "refunded"), ("12.00", "partially_refunded")),
        ):
            told = self.export(tmp_path, refunded, status)
            assert told.rejected == {}
        assert given_back() == [500, 700, 2_800]
        assert told.duplicates == 2
        assert {
            one.data["refund_of"] for one in Event.objects.filter(type="purchase.refunded")
        } == {"#1001"}

    def test_a_further_refund_fits_its_schema_and_a_dry_run_writes_none(self, tmp_path):
        self.export(tmp_path, "5.00")
        text = SHOPIFY.format(refunded="12.00", status="partially_refunded")
        told = take(tmp_path, text, is_dry=True)
        assert (told.recorded, given_back()) == ({"purchase.refunded": 1}, [500])
        self.export(tmp_path, "12.00")
        for event in Event.objects.all():
            checked(event.type, event.data)

    def test_a_sum_that_shrank_is_set_aside(self, tmp_path):
        self.export(tmp_path, "12.00")
        assert self.export(tmp_path, "5.00").rejected == {"receipt_conflict": 1}
        assert given_back() == [1_200]
