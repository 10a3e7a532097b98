"""What everybody is worth, from the log: as from a file, once, and whole."""

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.cafe import found_cafe
from tests.scoring.conftest import NOW, UNTIL, customer, events_of

from regulars.insight import ScoreRequest, Source, score
from regulars.kernel.actor import SYSTEM
from regulars.people.models import Alias
from regulars.scoring.errors import ScoringBusy
from regulars.scoring.models import Run, Score
from regulars.scoring.queries import history, latest, latest_run, sizes_over_time
from regulars.scoring.rows import MONEY, SAME
from regulars.scoring.services import run_scoring, thin_history
from regulars.stream.services import NewEvent

pytestmark = pytest.mark.django_db(transaction=True)
ANA, BEN = customer("ana"), customer("ben")


MINUTES = itertools.count()


def run(*, until=UNTIL, **more):
    """A run a minute after the one before."""
    now = NOW + timedelta(minutes=next(MINUTES))
    return run_scoring(until=until, actor=SYSTEM, now=now, **more)


def purchase(who, key, *, days=0, minor=500, currency="EUR", kind="purchase.completed"):
    return NewEvent(
        type=kind,
        source="till",
        key=key,
        customer_id=who,
        occurred_at=NOW - timedelta(days=1 + days),
        data={"total": {"amount_minor": minor, "currency": currency}},
    )


def test_the_same_purchases_give_the_same_scores_from_the_log_and_from_a_file(town, write):
    write(*events_of(town))
    found = Run.objects.get(id=run())
    from_file = score(
        ScoreRequest(
            purchases=Source(paths=town.purchases),
            referrals=Source(paths=town.referrals),
            until=UNTIL,
        )
    )
    assert found.rung == from_file.summary["ladder"] == "models"
    expected = {row["customer_id"]: row for row in from_file.scores.to_pylist()}
    stored = {str(one.customer_id): one for one in Score.objects.filter(run=found)}
    assert stored.keys() == expected.keys()
    for identity, row in expected.items():
        one = stored[identity]
        assert one.repeats == row["x"]
        for name in SAME:
            assert getattr(one, name) == row[name], name
        for name in MONEY:
            told = None if row[name] is None else round(row[name] * 100)
            assert getattr(one, name) == told, name
        assert one.quadrant == row["quadrant"]
        if row["x"] is not None:
            assert (one.last_day - one.first_day).days == round(row["t_x"] * 7)
            assert one.silent_days == round((row["age"] - row["t_x"]) * 7)
    departing = {one.customer_id: one for one in from_file.slipping}
    assert {who for who, one in stored.items() if one.slipping} == departing.keys()
    for identity, departs in departing.items():
        assert stored[identity].slipping == departs.reason
        assert stored[identity].value_at_stake == round(departs.value_at_stake * 100)
    assert found.summary["value"]["spender_total"] == from_file.summary["value"]["spender_total"]


def test_a_run_of_the_same_day_and_events_is_the_same_run(write):
    write(purchase(ANA, "1"))
    first = run()
    assert run() == first
    earlier = run(until=UNTIL - timedelta(days=7))
    write(purchase(ANA, "2", days=3))
    later = run()
    assert len({first, earlier, later}) == 3
    assert latest_run().id == later
    assert latest(ANA).purchases == 2
    assert [one.run_id for one in history(ANA)] == [later, first]


def test_too_little_for_a_model_is_no_error(write):
    assert Run.objects.get(id=run()).rung == ""
    assert latest(ANA) is None
    write(purchase(None, "somebody"), purchase(ANA, "1", days=3), purchase(ANA, "2"))
    found = Run.objects.get(id=run())
    assert (found.rung, found.customers, found.summary["left_out"]["no_customer"]) == (
        *("facts", 1),
        1,
    )
    ana = latest(ANA)
    assert (ana.repeats, ana.value_to_date, ana.clv) == (1, 1000, None)
    assert (ana.usual_gap_days, ana.silent_days, ana.life_cycle) == (3, 0, "growing")


class TestAnotherCurrency:
    """Days count whatever was paid with, money in the business's own currency alone."""

    def test_its_days_make_the_rhythm_and_its_money_is_counted_as_left_out(self, write):
        write(
            purchase(ANA, "1", days=32),
            purchase(ANA, "2", days=16, minor=9_000, currency="JPY"),
            purchase(ANA, "3", days=16, minor=100, currency="USD"),
            purchase(ANA, "4", days=0, minor=700),
            purchase(ANA, "5", minor=50, currency="USD", kind="purchase.refunded"),
        )
        found = Run.objects.get(id=run())
        assert (found.currency, found.summary["left_out"]["other_currency"]) == ("EUR", 3)
        ana = latest(ANA)
        # Here on three days, every 16: each counts, and 5 € and 7 € are what there was in euros.
        assert (ana.repeats, ana.purchase_days, ana.usual_gap_days) == (2, 3, 16)
        assert (ana.life_cycle, ana.silent_days) == ("regular", 0)
        assert ana.value_to_date == 1200

    @pytest.mark.parametrize("margin", [{}, {"margin_minor": 300}])
    def test_who_pays_in_it_alone_stands_where_their_days_say_and_brought_no_money(
        self, write, margin
    ):
        theirs = purchase(BEN, "3", days=1, minor=800, currency="USD")
        lines = {"lines": [{"amount_minor": 800, **margin}], **margin}
        write(
            purchase(ANA, "1", days=20),
            purchase(ANA, "2", days=10),
            replace(theirs, data={**theirs.data, **lines}),
        )
        assert Run.objects.get(id=run()).customers == 2
        ben = latest(BEN)
        assert (ben.life_cycle, ben.purchases, ben.value_to_date) == ("new", 1, 0)
        assert latest(ANA).value_to_date == 1000

    def test_a_business_that_changed_its_currency_still_knows_everybodys_days(self, town, write):
        found_cafe(now=NOW)
        write(*(paid_in_crowns(one) for one in events_of(town)))
        write(purchase(ANA, "now"), purchase(ANA, "before", days=7))
        with_crowns = Run.objects.get(id=run())
        assert with_crowns.rung == "models"
        assert with_crowns.currency == "EUR"
        assert set(Score.objects.values_list("value_to_date", flat=True)) <= {None, 0, 1000}
        assert Score.objects.filter(life_cycle="regular").count() > 50
        assert not Score.objects.filter(slipping="smaller_basket").exists()


def paid_in_crowns(event):
    """The same in another currency than the business's, if it is money at all."""
    if "total" not in event.data:
        return event
    return replace(event, data={**event.data, "total": {**event.data["total"], "currency": "SEK"}})


def test_a_run_ends_when_it_is_done(write):
    write(purchase(ANA, "1"))
    found = Run.objects.get(id=run())
    assert found.started_at < found.finished_at < found.started_at + timedelta(minutes=1)


def test_money_is_kept_in_the_minor_units_of_its_currency(write):
    write(purchase(ANA, "1", minor=1_234, currency="JPY"))
    run()
    assert latest(ANA).value_to_date == 1_234


def test_what_was_given_back_is_no_purchase_and_a_refund_of_nothing_is_nothing(write):
    write(
        purchase(ANA, "1", days=9, minor=800),
        purchase(ANA, "2", days=2, minor=300, kind="purchase.refunded"),
        purchase(ANA, "3", days=1, minor=0, kind="purchase.refunded"),
    )
    run()
    ana = latest(ANA)
    assert (ana.purchases, ana.repeats, ana.value_to_date) == (1, 0, 500)
    assert ana.silent_days == 9


def test_merged_customers_are_scored_as_one_and_as_two_again_when_that_is_undone(write):
    write(purchase(ANA, "1", days=4), purchase(BEN, "2"))
    apart = run()
    Alias.objects.create(merged_id=BEN, kept_id=ANA)
    together = run()
    assert Run.objects.get(id=together).customers == 1
    assert Score.objects.get(run=together, customer_id=ANA).purchases == 2
    Alias.objects.all().delete()
    assert run() == apart == latest_run().id


def test_a_run_that_is_interrupted_is_never_read_and_cleared_away(write):
    write(purchase(ANA, "1"))
    before = run()
    write(purchase(ANA, "2", days=1))

    def stop(stage, fraction=None):
        if Run.objects.filter(finished_at=None).exists():
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(progress=stop)
    half = Run.objects.get(finished_at=None)
    Score.objects.create(run=half, customer_id=ANA, purchases=7)
    assert latest_run().id == before
    assert [one.purchases for one in history(ANA)] == [1]
    run()
    assert [one.purchases for one in history(ANA)] == [2, 1]
    assert not Run.objects.filter(finished_at=None).exists()


def test_two_runs_at_a_time_are_one_too_many(write):
    write(purchase(ANA, "1"))

    def again(stage, fraction=None):
        with pytest.raises(ScoringBusy):
            run()

    run(progress=again)
    assert Run.objects.count() == 1


def test_old_scores_are_let_go_but_for_the_last_of_each_month_and_sizes_stay(write):
    write(purchase(ANA, "1", days=100))
    days = [UNTIL - timedelta(days=number) for number in (0, 34, 40, 50, 61)]
    for day in days:
        run(until=day)
    write(purchase(ANA, "2", days=100))
    second = run(until=days[-1])
    # 30 June and 27 May are recent, 30 April is the last of its month; 21 and 11 May are neither.
    assert thin_history(now=NOW) == 3
    assert [one.run.until for one in history(ANA)] == [days[0], days[1], days[-1]]
    assert history(ANA)[-1].run_id == second
    assert [day for day, _ in sizes_over_time()] == sorted(days)
    assert latest_run().until == UNTIL
    assert thin_history(now=NOW) == 0
    # Who asks for such a day again gets it again.
    assert Score.objects.filter(run=run(until=days[2])).exists()
