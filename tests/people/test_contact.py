"""One gate before every message: no message without consent, none too often, none at night."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.kernel.actor import SYSTEM
from regulars.kernel.language import speaking
from regulars.people.contact import addresses, contact_everywhere, may_contact
from regulars.people.errors import (
    ConsentInFuture,
    InvalidContactRules,
    TextMissing,
    UnknownCustomer,
    UnknownEntry,
    UnknownKind,
)
from regulars.people.models import Business, Consent, Contact, Identity, Suppression
from regulars.people.permission import (
    CHANNELS,
    CONFIRMATION,
    PURPOSES,
    THEY_CAME,
    WITHOUT_HOURS,
    Rules,
    Standing,
    quiet_hours_end,
    said_on,
    verdict,
)
from regulars.people.queries import profile, withdrawals
from regulars.people.services import (
    add_customer,
    add_identity,
    claim_contact,
    lift_suppression,
    merge,
    record_consent,
    record_contact,
    replay_withdrawals,
    set_contact_rules,
    suppress,
    suppress_address,
    suppress_addresses,
    unmerge,
)

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 6, 30, 12, tzinfo=BERLIN).astimezone(UTC)
NIGHT = datetime(2026, 6, 30, 23, tzinfo=BERLIN).astimezone(UTC)
BY = {"actor": SYSTEM, "now": NOON}


@pytest.fixture
def _business(db):
    Business.objects.create(
        name="Café Ana", language="de", time_zone="Europe/Berlin", currency="EUR", created_at=NOON
    )


def add(name="Ana", email="ana@example.org"):
    return add_customer(name=name, identities=[("email", email)], region="DE", **BY)


def says(customer, *, given=True, days_ago=10, purpose="news", channel="email", now=NOON):
    return record_consent(
        customer_id=customer,
        purpose=purpose,
        channel=channel,
        given=given,
        text_version="2026-01",
        proof="form at the counter",
        said_at=NOON - timedelta(days=days_ago),
        actor=SYSTEM,
        now=now,
    )


def ask(customer, *, purpose="news", channel="email", now=NOON):
    return may_contact(customer_id=customer, purpose=purpose, channel=channel, now=now)


@pytest.mark.usefixtures("_business")
class TestTheGate:
    def test_nobody_is_contacted_without_consent_to_this_purpose_by_this_channel(self):
        ana = add()
        assert ask(ana).reason == "no_consent"
        says(ana)
        assert ask(ana).allowed
        assert ask(ana, purpose="survey").reason == "no_consent"
        assert ask(ana, channel="post").reason == "no_consent"

    def test_the_latest_word_counts_even_where_it_is_told_late(self):
        ana = add()
        says(ana, given=False, days_ago=1)
        says(ana, given=True, days_ago=5)  # written down later, said earlier
        assert ask(ana).reason == "no_consent"
        assert Consent.objects.count() == 2  # nothing is overwritten
        says(ana, given=True, days_ago=0)
        assert ask(ana).allowed

    def test_a_no_of_a_clock_that_goes_ahead_counts_as_said_now(self):
        ana = add()
        says(ana, given=True, days_ago=0)
        for ahead in (5 / 86_400, 1):
            says(ana, given=False, days_ago=-ahead)
            assert Consent.objects.latest("id").said_at == NOON
            assert ask(ana).reason == "no_consent"
        with pytest.raises(ConsentInFuture):  # a yes is not there before it was said
            says(ana, given=True, days_ago=-5 / 86_400)
        with pytest.raises(ConsentInFuture):  # and this is a slip
            says(ana, given=False, days_ago=-2)
        says(ana, given=True, days_ago=-5 / 86_400, now=NOON + timedelta(seconds=5))
        assert ask(ana).allowed  # said after it

    def test_never_is_never_whatever_they_agreed_to_until_it_is_lifted(self):
        ana = add()
        says(ana)
        spam = suppress(customer_id=ana, channel="sms", reason="complaint", **BY)
        assert ask(ana).allowed  # another channel
        never = suppress(customer_id=ana, reason="never", **BY)
        assert ask(ana).reason == "suppressed"
        assert ask(ana, purpose=CONFIRMATION).reason == "suppressed"
        lift_suppression(customer_id=ana, suppression_id=never, **BY)
        assert ask(ana).allowed
        with pytest.raises(UnknownEntry):
            lift_suppression(customer_id=ana, suppression_id=never, **BY)
        assert [one.id for one in profile(ana).suppressions] == [spam]
        assert Suppression.objects.count() == 2

    def test_what_bounces_closes_the_one_address_and_no_other(self):
        ana = add()
        says(ana)
        says(ana, channel="sms")
        (old,) = addresses([ana], "email")
        for _ in range(2):
            suppress_address(identity_id=old.id, **BY)
        assert Suppression.objects.count() == 1
        assert ask(ana).reason == "suppressed"
        assert ask(ana, purpose=CONFIRMATION).reason == "suppressed"
        assert ask(ana, channel="sms").reason == "no_address"
        new = {"kind": "email", "value": "ana@new.example", "region": "DE"}
        add_identity(customer_id=ana, **new, **BY)
        assert ask(ana).allowed
        assert [one.value for one in addresses([ana], "email")] == ["ana@new.example"]
        lift_suppression(
            customer_id=ana, suppression_id=Suppression.objects.get().id, actor=SYSTEM, now=NOON
        )
        assert len(addresses([ana], "email")) == 2

    def test_what_does_not_arrive_as_a_text_may_still_be_called(self):
        ana = add()
        add_identity(customer_id=ana, kind="phone", value="030 901820", region="DE", **BY)
        for channel in ("sms", "phone"):
            says(ana, channel=channel)
        suppress_addresses(customer_id=ana, channel="sms", **BY)
        gate = contact_everywhere(customer_id=ana, now=NOON)
        for channel, reason in (("sms", "suppressed"), ("phone", "allowed")):
            assert ask(ana, channel=channel).reason == gate["news", channel].reason == reason

    def test_who_has_no_address_cannot_be_reached(self):
        ana = add()
        says(ana, channel="sms")
        assert ask(ana, channel="sms").reason == "no_address"

    def test_at_night_it_waits_for_the_morning_of_the_business(self):
        ana = add()
        says(ana)
        answer = ask(ana, now=NIGHT)
        assert answer.reason == "quiet_hours"
        assert answer.again_at == datetime(2026, 7, 1, 8, tzinfo=BERLIN)
        assert ask(ana, now=answer.again_at).allowed
        says(ana, channel="counter")
        assert ask(ana, channel="counter", now=NIGHT).allowed  # they are here

    def test_a_confirmation_answers_at_once_and_needs_no_consent(self):
        ana = add()
        assert ask(ana, purpose=CONFIRMATION, now=NIGHT).allowed

    def test_one_budget_holds_over_all_purposes_and_channels(self):
        ana = add()
        set_contact_rules(
            quiet_from=time(21), quiet_until=time(8), contacts_most=2, contacts_days=7
        )
        says(ana)
        says(ana, purpose="survey")
        claim = {"customer_id": ana, "channel": "email", "actor": SYSTEM}
        assert claim_contact(purpose="news", now=NOON, **claim).allowed
        record_contact(customer_id=ana, purpose="care", channel="phone", actor=SYSTEM, now=NOON)
        answer = claim_contact(purpose="survey", now=NOON, **claim)
        assert (answer.reason, answer.again_at) == ("contact_budget", NOON + timedelta(days=7))
        assert Contact.objects.count() == 2
        assert claim_contact(purpose="survey", now=answer.again_at, **claim).allowed

    def test_what_answers_them_or_is_said_while_they_are_here_takes_nothing_from_the_budget(self):
        ana = add()
        set_contact_rules(
            quiet_from=time(21), quiet_until=time(8), contacts_most=1, contacts_days=7
        )
        says(ana)
        for purpose, channel in ((CONFIRMATION, "email"), ("care", "counter")):
            record_contact(customer_id=ana, purpose=purpose, channel=channel, **BY)
        assert ask(ana).allowed

    def test_two_who_are_one_have_one_consent_and_one_budget_until_they_are_two_again(self):
        ana, anna = add(), add("Anna", "anna@example.org")
        set_contact_rules(
            quiet_from=time(21), quiet_until=time(8), contacts_most=1, contacts_days=7
        )
        says(ana)
        says(anna, given=False, days_ago=1)
        log = merge(kept=ana, merged=anna, **BY)
        assert ask(ana).reason == "no_consent"
        says(anna, days_ago=0)
        record_contact(customer_id=anna, purpose="news", channel="email", **BY)
        assert ask(ana).reason == "contact_budget"
        unmerge(merge_id=log, **BY)
        assert ask(ana).allowed
        assert ask(anna).reason == "contact_budget"

    def test_a_no_that_a_restored_backup_does_not_know_is_said_again_once(self):
        ana, ben = add(), add("Ben", "ben@example.org")
        says(ana, given=False, days_ago=1)
        says(ben, given=False, days_ago=2)
        says(ben, days_ago=1)  # and yes again
        suppress(customer_id=ben, channel="sms", reason="never", **BY)
        gone = {"customer_id": ana.__class__(int=9)}
        words = withdrawals()
        Consent.objects.all().delete()
        Suppression.objects.all().delete()
        says(ana)
        says(ben)
        for noted in (2, 0):
            assert replay_withdrawals(words=[*words, ("consent", words[0][1] | gone)]) == noted
        assert ask(ana).reason == "no_consent"
        assert ask(ben).reason == "allowed"
        assert [one.reason for one in profile(ben).suppressions] == ["never"]

    def test_a_dead_address_that_a_restored_backup_takes_for_good_is_used_no_more(self):
        ana, ben = add(), add("Ben", "ben@example.org")
        says(ana)
        says(ben)
        (address,) = Identity.objects.filter(customer_id=ana)
        suppress_address(identity_id=address.id, **BY)
        words = withdrawals()
        Suppression.objects.all().delete()
        assert ask(ana).allowed
        gone = {"identity__value": "nobody@example.org"}
        for noted in (1, 0):
            assert replay_withdrawals(words=[*words, ("address", words[0][1] | gone)]) == noted
        assert (ask(ana).reason, ask(ben).reason) == ("suppressed", "allowed")
        assert [one.reason for one in profile(ana).suppressions] == ["bounce"]

    def test_the_reason_is_told_in_the_language_in_use(self):
        ana = add()
        assert ask(ana).sentence == "They have not agreed to this."
        with speaking("de"):
            assert ask(ana).sentence

    def test_what_is_no_purpose_no_channel_or_no_customer_is_refused(self):
        ana = add()
        for wrong in ({"purpose": "spam"}, {"channel": "pigeon"}, {"purpose": "profile"}):
            with pytest.raises(UnknownKind):
                ask(ana, **wrong)
        with pytest.raises(UnknownKind):
            says(ana, purpose="profile", channel="email")
        with pytest.raises(UnknownKind):
            suppress(customer_id=ana, reason="mood", **BY)
        with pytest.raises(UnknownKind):
            suppress(customer_id=ana, reason="bounce", **BY)  # of an address, not of somebody
        with pytest.raises(UnknownKind):
            suppress_addresses(customer_id=ana, channel="post", **BY)
        with pytest.raises(ConsentInFuture):
            says(ana, days_ago=-1)
        with pytest.raises(UnknownCustomer):
            ask(ana.__class__(int=1))
        with pytest.raises(InvalidContactRules):
            set_contact_rules(
                quiet_from=time(0), quiet_until=time(0), contacts_most=1, contacts_days=0
            )


def test_before_the_business_is_set_up_nothing_is_open(db):
    assert ask(add()).reason == "no_consent"


clocks = st.times(timezones=st.none())
zones = st.sampled_from(["Europe/Berlin", "America/Santiago", "Asia/Bangkok", "UTC"]).map(ZoneInfo)
rules = st.builds(
    Rules,
    zone=zones,
    quiet_from=clocks,
    quiet_until=clocks,
    most=st.integers(0, 4),
    days=st.integers(1, 30),
)
moments = st.integers(0, 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
standings = st.builds(
    Standing,
    suppressed=st.booleans(),
    agreed=st.booleans(),
    reachable=st.booleans(),
    contacts=st.lists(moments, max_size=6),
)
purposes, channels = st.sampled_from(PURPOSES), st.sampled_from(CHANNELS)


@given(standings, rules, moments, purposes, channels)
def test_the_gate_is_open_only_where_nothing_stands_in_the_way(
    standing, rules, now, purpose, channel
):
    found = verdict(standing, purpose=purpose, channel=channel, rules=rules, now=now)
    if found.reason != "allowed":
        return
    assert standing.agreed
    assert standing.reachable
    assert not standing.suppressed
    if channel not in THEY_CAME:
        since = now - timedelta(days=rules.days)
        assert sum(contact > since for contact in standing.contacts) < rules.most
    if channel not in WITHOUT_HOURS:
        clock = now.astimezone(rules.zone).time()
        start, end = rules.quiet_from, rules.quiet_until
        assert not (start <= clock < end)
        assert start <= end or not (clock >= start or clock < end)


@given(standings, rules, moments, purposes, channels)
def test_when_it_may_be_tried_again_the_same_reason_is_gone(standing, rules, now, purpose, channel):
    found = verdict(standing, purpose=purpose, channel=channel, rules=rules, now=now)
    if found.again_at is not None:
        assert found.again_at > now
        then = verdict(standing, purpose=purpose, channel=channel, rules=rules, now=found.again_at)
        assert then.reason != found.reason


@given(st.lists(st.integers(0, 200), min_size=1, max_size=30), rules)
def test_no_span_ever_holds_more_contacts_than_the_budget(hours, rules):
    made = []
    for hour in sorted(hours):
        now = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(hours=12 * hour)
        standing = Standing(suppressed=False, agreed=True, reachable=True, contacts=made)
        if verdict(standing, purpose="news", channel="post", rules=rules, now=now).reason == (
            "allowed"
        ):
            made.append(now)
    for moment in made:
        span = [other for other in made if moment <= other < moment + timedelta(days=rules.days)]
        assert len(span) <= rules.most


def berlin(*moment, fold=0):
    return datetime(2026, *moment, tzinfo=BERLIN, fold=fold)


@pytest.mark.parametrize(
    ("local", "over"),
    [
        (berlin(3, 28, 23, 30), berlin(3, 29, 8)),  # the night that lacks an hour
        (berlin(10, 25, 2, 30, fold=1), berlin(10, 25, 8)),  # the hour that comes twice
        (berlin(6, 30, 7, 59), berlin(6, 30, 8)),
        (berlin(6, 30, 8), None),
        (berlin(6, 30, 20, 59), None),
    ],
)
def test_quiet_hours_are_those_on_the_wall_clock(local, over):
    quiet = Rules(zone=BERLIN, quiet_from=time(21), quiet_until=time(8), most=1, days=1)
    assert quiet_hours_end(local, quiet) == over


def test_where_the_end_of_the_quiet_hours_comes_twice_the_one_still_to_come_is_meant():
    quiet = Rules(zone=BERLIN, quiet_from=time(21), quiet_until=time(2, 30), most=1, days=1)
    second = datetime(2026, 10, 25, 2, 10, tzinfo=BERLIN, fold=1).astimezone(UTC)
    assert quiet_hours_end(second, quiet) == second + timedelta(minutes=20)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
@pytest.mark.parametrize(
    ("quiet_from", "quiet_until"),
    [(time(21, 30), time(2, 30)), (time(1, 30), time(3)), (time(1), time(2)), (time(22), time(8))],
)
@pytest.mark.parametrize("night", [(3, 28), (3, 7), (4, 4), (10, 3), (10, 24), (10, 31)])
def test_quiet_hours_are_over_at_the_first_moment_whose_clock_is_not_quiet(
    zone, quiet_from, quiet_until, night
):
    quiet = Rules(
        zone=ZoneInfo(zone), quiet_from=quiet_from, quiet_until=quiet_until, most=1, days=1
    )
    step = timedelta(minutes=30)
    moments = [datetime(2026, *night, tzinfo=UTC) + step * n for n in range(96)]
    for now in moments:
        first = now
        while quiet_hours_end(first, quiet) is not None:
            first += step
        assert quiet_hours_end(now, quiet) == (None if first == now else first)


@pytest.mark.usefixtures("_business")
@pytest.mark.parametrize("now", [NOON, NIGHT])
@pytest.mark.parametrize("channel", ["", "email", "post"])
def test_all_purposes_and_channels_at_once_are_answered_as_each_by_itself(now, channel):
    ana = add()
    told = {"customer_id": ana, "text_version": "1", "proof": "said so", "said_at": NOON, **BY}
    for purpose, by, agreed in (
        ("news", "email", True),
        ("care", "post", True),
        ("care", "email", False),
        ("survey", "counter", True),
        ("community", "sms", True),
    ):
        record_consent(purpose=purpose, channel=by, given=agreed, **told)
    set_contact_rules(quiet_from=time(21), quiet_until=time(8), contacts_most=1, contacts_days=30)
    lifted = suppress(customer_id=ana, channel="chat", reason="never", **BY)
    lift_suppression(customer_id=ana, suppression_id=lifted, **BY)
    if channel != "post":
        suppress(customer_id=ana, channel=channel, reason="never", **BY)
    else:
        record_contact(customer_id=ana, purpose="news", channel="email", **BY)
    answers = contact_everywhere(customer_id=ana, now=now)
    assert answers == {
        (purpose, by): may_contact(customer_id=ana, purpose=purpose, channel=by, now=now)
        for purpose in PURPOSES
        for by in CHANNELS
    }


@pytest.mark.usefixtures("_business")
class TestWhatIsSaidNow:
    """The latest word counts, whatever the clock showed when the one before it was said."""

    AHEAD = NOON + timedelta(days=1)

    def _says(self, customer, *, given, clock, said_at=None, text="1"):
        record_consent(
            customer_id=customer,
            purpose="news",
            channel="email",
            given=given,
            text_version=text,
            proof="by link",
            said_at=said_at,
            actor=SYSTEM,
            now=clock,
        )

    def test_who_leaves_after_the_clock_was_put_right_is_not_written_to(self):
        ana = add()
        self._says(ana, given=True, clock=self.AHEAD)
        self._says(ana, given=False, clock=NOON)
        for days in range(4):
            assert ask(ana, now=NOON + timedelta(days=days)).reason == "no_consent"
        self._says(ana, given=True, clock=NOON + timedelta(hours=1))
        assert ask(ana, now=NOON + timedelta(hours=2)).allowed

    def test_a_no_that_a_program_tells_holds_against_a_yes_ahead_of_the_clock(self):
        ana = add()
        self._says(ana, given=True, clock=self.AHEAD)
        self._says(ana, given=False, clock=NOON, said_at=NOON - timedelta(minutes=5))
        assert ask(ana, now=NOON + timedelta(days=3)).reason == "no_consent"

    def test_a_no_of_one_id_holds_against_a_yes_of_another_who_is_the_same_person(self):
        ana, again = add(), add(name="Ana B.", email="ana@b.example.org")
        self._says(again, given=True, clock=self.AHEAD)
        merge(kept=ana, merged=again, **BY)
        self._says(ana, given=False, clock=NOON)
        assert ask(ana, now=NOON + timedelta(days=3)).reason == "no_consent"

    def test_who_withdraws_needs_no_text_and_who_agrees_does(self):
        ana = add()
        self._says(ana, given=False, clock=NOON, text="")
        with pytest.raises(TextMissing):
            self._says(ana, given=True, clock=NOON, text="")


@given(
    day=st.dates(min_value=date(1950, 1, 1), max_value=date(2030, 1, 1)),
    zone=st.sampled_from(["Europe/Berlin", "America/Santiago", "Asia/Beirut", "Pacific/Apia"]),
    moment=st.integers(0, 24 * 60 - 1),
)
def test_a_no_told_by_the_day_holds_against_every_yes_of_that_day(day, zone, moment):
    there = ZoneInfo(zone)
    yes = datetime.combine(day, time(moment // 60, moment % 60), tzinfo=there)
    later = datetime(2040, 1, 1, tzinfo=UTC)
    no = said_on(day, given=False, zone=there, now=later)
    told = said_on(day, given=True, zone=there, now=later)
    if yes.astimezone(UTC).astimezone(there).date() == day:  # not every hour of a clock comes
        assert told.astimezone(UTC) <= yes.astimezone(UTC) <= no
    assert said_on(day, given=False, zone=there, now=yes.astimezone(UTC)) <= yes.astimezone(UTC)
