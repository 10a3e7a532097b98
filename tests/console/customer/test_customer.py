"""One customer: what is shown, and what is noted, once."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from tests.console.conftest import at_noon
from tests.scoring.test_segments import scored

from regulars.care.families import web_of
from regulars.console.customer.timeline import WHAT
from regulars.intake.introduction import Regular, introduce
from regulars.intake.services import Incoming, record
from regulars.kernel.actor import SYSTEM
from regulars.kernel.cursors import cursor_of
from regulars.kernel.ids import new_id
from regulars.kernel.words import date_text
from regulars.people.audit import looks_at
from regulars.people.models import Customer, Note, Preference
from regulars.people.services import Stranger, add_customer, add_strangers, erase, merge, unmerge
from regulars.stream.models import Event
from regulars.stream.types import TYPES

pytestmark = pytest.mark.django_db


def came_through(customers):
    return web_of(customers).through


def open_page(client, customer, **asked) -> str:
    answer = client.get(f"/customers/{customer}/", asked)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def post(client, customer, act, **told):
    return client.post(f"/customers/{customer}/{act}/", {"key": str(uuid4())} | told)


def bought(customer, *days, amount=450):
    now = datetime.now(UTC)
    record(
        incoming=[
            Incoming(
                type="purchase.completed",
                source="till",
                key=f"{customer}{day}",
                occurred_at=at_noon(day),
                customer_id=UUID(customer),
                data={"total": {"amount_minor": amount, "currency": "EUR"}},
            )
            for day in days
        ],
        region="DE",
        actor=SYSTEM,
        now=now,
    )


def came(customer, day):
    visit = Incoming(
        type="visit.recorded",
        source="till",
        key=f"visit {customer}{day}",
        occurred_at=at_noon(day),
        customer_id=UUID(customer),
        data={},
    )
    record(incoming=[visit], region="DE", actor=SYSTEM, now=datetime.now(UTC))


def test_one_page_tells_one_silence(owner, town):
    """Last night's sentence counts on until today, and says of when it is once they were here since."""
    ben, today = town["Ben Vogel"], datetime.now(ZoneInfo("Europe/Berlin")).date()
    bought(ben, 31, 40, 49)
    last = Event.objects.filter(type="purchase.completed").latest("occurred_at").occurred_at
    scored(
        {
            "customer_id": ben,
            "quadrant": "champion",
            "life_cycle": "slipping",
            "purchase_days": 3,
            "usual_gap_days": 9.0,
            "last_day": last.astimezone(ZoneInfo("Europe/Berlin")).date(),
            "silent_days": 30,
        },
        until=today - timedelta(days=1),
    )
    page = open_page(owner, ben)
    assert "31 days ago" in page
    assert "Came every 9 days, not for 31." in page
    assert "not for 30" not in page
    came(ben, 5)
    assert "By what they bought: Came every 9 days, not for 31." in open_page(owner, ben)
    bought(ben, 0)
    page = open_page(owner, ben)
    night = date_text(today - timedelta(days=1))
    assert f"On {night}: Came every 9 days, not for 30." in page


def test_many_friends_are_folded_and_none_is_left_out(owner, town):
    ben = town["Ben Vogel"]
    assert "<details><summary>and" not in open_page(owner, ben)
    introduce(
        regulars=[Regular(name=f"Friend {n}", came_through="Ben Vogel") for n in range(30)],
        region="DE",
        actor=SYSTEM,
        now=datetime.now(UTC),
    )
    page = open_page(owner, ben)
    assert "<details><summary>and 24 more</summary>" in page
    assert all(f"Friend {n}<" in page for n in range(30))


def test_the_page_says_who_what_to_remember_and_who_brought_whom(owner, town):
    page = open_page(owner, town["Ben Vogel"])
    for words in ("flat white", "+49 171 2345678", "brought 2", "Brought Cem and Dora.", "Dora"):
        assert words in page
    assert "Ben Vogel" in open_page(owner, town["Cem"])


def test_figures_say_from_when_and_from_how_many(owner, town):
    bought(town["Cem"], 27, 18, 9, 0)
    page = open_page(owner, town["Cem"])
    assert "every 9 days" in page
    assert "from 4 days here since" in page
    assert "€18.00" in page
    assert "from 4 purchases since" in page
    assert "Longer than they usually stay away." not in page


def test_who_stays_away_longer_than_their_rhythm_explains_is_said(owner, town):
    bought(town["Cem"], *range(40, 100, 7))
    assert "Longer than they usually stay away." in open_page(owner, town["Cem"])


def test_a_visit_is_noted_and_a_double_click_counts_once(owner, town):
    key = str(uuid4())
    answers = [post(owner, town["Cem"], "visit", key=key).headers["Location"] for _ in range(2)]
    assert [one.split("=")[1] for one in answers] == ["visit", "again"]
    (event,) = Event.objects.filter(type="visit.recorded")
    assert (str(event.customer_id), event.source) == (town["Cem"], "console")
    assert event.recorded_by.startswith("employee:")
    assert "The visit is noted." in open_page(owner, town["Cem"], said="visit")
    assert "it counts once" in open_page(owner, town["Cem"], said="again")


def test_what_is_told_after_going_back_in_the_browser_is_something_new(owner, town):
    """The page has its key from before: the same is a repetition, anything else is not."""
    cem, key = town["Cem"], str(uuid4())

    def said(act, **told):
        location = post(owner, cem, act, key=key, **told).headers["Location"]
        return location.split("=")[1].partition("#")[0]

    assert [said("purchase", amount=one) for one in ("12.50", "12.50", "13.50")] == [
        *("purchase", "again", "purchase"),
    ]
    bought = Event.objects.filter(type="purchase.completed")
    assert sorted(one.data["total"]["amount_minor"] for one in bought) == [1250, 1350]
    assert len({one.data["order_id"] for one in bought}) == 2
    yesterday = (datetime.now(UTC) - timedelta(days=2)).date().isoformat()
    assert [said("visit", **one) for one in ({}, {}, {"day": yesterday})] == [
        *("visit", "again", "visit"),
    ]
    assert [said("note", note=one) for one in ("First", "First", "Second", "First")] == [
        *("note", "again", "note", "note"),
    ]
    assert Note.objects.filter(customer_id=cem).count() == 3


def test_a_purchase_takes_the_amount_as_people_write_it(owner, town):
    post(owner, town["Cem"], "purchase", amount="1.250,50", what="Lunch for forty")
    event = Event.objects.get(type="purchase.completed")
    assert event.data["total"] == {"amount_minor": 125050, "currency": "EUR"}
    assert event.data["lines"][0]["name"] == "Lunch for forty"
    page = open_page(owner, town["Cem"])
    assert "Lunch for forty" in page
    assert "€1,250" in page


@pytest.mark.parametrize(
    "amount", ["", "twelve", "-3", "12.34,56", "1e9", "9" * 17, "NaN", "1,2,3"]
)
def test_what_is_no_amount_is_said_beside_it_and_kept_in_the_field(owner, town, amount):
    answer = post(owner, town["Cem"], "purchase", amount=amount, what="tea")
    assert answer.status_code == 400
    page = answer.content.decode()
    assert 'id="amount-problem"' in page
    assert 'value="tea"' in page
    assert not Event.objects.filter(type="purchase.completed").exists()


def test_an_amount_in_another_currency_is_not_taken_for_ours(owner, town):
    answer = post(owner, town["Cem"], "purchase", amount="$5", what="tea")
    assert answer.status_code == 400
    assert "This is another currency. Amounts are in EUR here" in answer.content.decode()
    assert not Event.objects.filter(type="purchase.completed").exists()


def test_a_form_without_its_key_writes_nothing(owner, town):
    for act in ("visit", "purchase"):
        assert post(owner, town["Cem"], act, key="x", amount="3").status_code == 400
    assert not Event.objects.exclude(type="referral.recorded").exists()


def test_who_sent_them_is_noted_once_by_a_name_that_is_surely_meant(owner, town):
    sent = post(owner, town["Ben Vogel"], "sender", name="Eva")  # nobody is called so
    assert sent.headers["Location"].endswith("?said=sender")
    eva, ben = Customer.objects.get(name="Eva"), UUID(town["Ben Vogel"])
    assert came_through([ben]) == {ben: eva.id}
    again = post(owner, town["Ben Vogel"], "sender", name="Franz")
    assert again.headers["Location"].endswith("?said=again")
    assert not Customer.objects.filter(name="Franz").exists()
    gus = add_customer(name="Gus", region="DE", actor=SYSTEM, now=datetime.now(UTC))
    post(owner, str(eva.id), "sender", name="Gus")
    assert came_through([eva.id]) == {eva.id: gus}


def test_a_sender_called_just_so_is_meant_and_another_is_asked_about(owner, town):
    ben = town["Ben Vogel"]
    asked = post(owner, ben, "sender", name="Dor")
    assert "Whom do you mean?" in asked.content.decode()
    thai = {
        name: add_customer(name=name, region=None, actor=SYSTEM, now=datetime.now(UTC))
        for name in ("สมชัย", "สมชาย")
    }
    post(owner, ben, "sender", name="สมชาย")
    assert came_through([UUID(ben)]) == {UUID(ben): thai["สมชาย"]}
    again = post(owner, str(thai["สมชัย"]), "sender", name="somchay")
    assert "Whom do you mean?" in again.content.decode()


def test_where_several_may_be_meant_one_chooses(owner, town):
    # Half a name is not surely anybody's, though only one is called so.
    half = post(owner, town["Dora"], "sender", name="Vogel")
    assert "Whom do you mean?" in half.content.decode()
    asked = post(owner, town["Ben Vogel"], "sender", name="Dorra")
    assert asked.status_code == 200
    page = asked.content.decode()
    assert "Whom do you mean?" in page
    assert town["Dora"] in page
    assert not came_through([UUID(town["Ben Vogel"])])


def test_nobody_sends_themselves_or_who_sent_them(owner, town):
    ben = town["Ben Vogel"]
    for sender in (ben, town["Cem"]):
        answer = post(owner, ben, "sender", name="Somebody Else", sender=sender)
        assert answer.status_code == 422
    assert not came_through([UUID(ben)])
    # Nor through others: Eva came through Cem, whom Ben brought.
    eva = str(add_customer(name="Eva", region="DE", actor=SYSTEM, now=datetime.now(UTC)))
    post(owner, eva, "sender", name="Cem", sender=town["Cem"])
    assert came_through([UUID(eva)])
    assert post(owner, ben, "sender", name="Eva", sender=eva).status_code == 422
    assert not came_through([UUID(ben)])
    for name in ("", "\x00", "x" * 121, "?", "unknown", "0171 2345678", "ana@x.example"):
        assert post(owner, ben, "sender", name=name).status_code == 400


def test_the_timeline_is_paged_by_its_cursor(owner, town):
    bought(town["Cem"], *range(60))
    first = open_page(owner, town["Cem"])
    assert first.count("<time") == 50
    cursor = first.split("?before=")[1].split("#")[0]
    later = owner.get(f"/customers/{town['Cem']}/?before={cursor}").content.decode()
    assert later.count("<time") == 11  # ten purchases, and through whom Cem came
    assert "Came through Ben Vogel" in first + later
    assert owner.get(f"/customers/{town['Cem']}/?before=x").status_code == 400


def test_somebody_without_a_name_and_somebody_unknown(owner, ready):
    now = datetime.now(UTC)
    nameless = Customer.objects.create(created_at=now, known_since=now, created_by="key:1")
    assert "Somebody without a name" in open_page(owner, nameless.id)
    assert owner.get(f"/customers/{uuid4()}/").status_code == 404
    assert post(owner, uuid4(), "visit").status_code == 404
    assert post(owner, uuid4(), "sender", name="Eva").status_code == 404


def test_every_type_of_event_has_words():
    assert set(WHAT) == set(TYPES)


def test_a_page_of_somebody_merged_into_another_is_the_others_with_what_both_did(owner, town):
    kept, merged = UUID(town["Cem"]), UUID(town["Dora"])
    bought(town["Cem"], 27, 9)
    bought(town["Dora"], 18, 0)
    merge(kept=kept, merged=merged, actor=SYSTEM, now=datetime.now(UTC))
    answer = owner.get(f"/customers/{merged}/?said=visit")
    assert answer.headers["Location"] == f"/customers/{kept}/?said=visit"
    page = open_page(owner, kept)
    assert "every 9 days" in page
    assert "from 4 purchases since" in page
    assert page.count('<li class="purchase">') == 4
    noted = post(owner, merged, "visit")
    assert noted.headers["Location"] == f"/customers/{kept}/?said=visit"
    assert "Dora" not in owner.get("/customers/").content.decode()


def test_of_somebody_who_was_erased_a_plain_page_says_that_nothing_is_kept(owner, town):
    erased = UUID(town["Ben Vogel"])
    erase(customer_id=erased, actor=SYSTEM, now=datetime.now(UTC))
    for answer in (
        owner.get(f"/customers/{erased}/"),
        post(owner, erased, "visit"),
        post(owner, erased, "purchase", amount="3"),
        post(owner, erased, "sender", name="Eva"),
        owner.post(f"/today/for/{erased}/", {"kind": "ask", "done": "1"}),
    ):
        assert answer.status_code == 410
        assert "was erased" in answer.content.decode()
    page = open_page(owner, town["Cem"])
    assert "Came through Somebody without a name" in page
    assert str(erased) not in page
    assert "Ben Vogel" not in owner.get("/").content.decode()


def test_every_look_at_a_customer_leaves_a_line(owner, town):
    cem = UUID(town["Cem"])
    open_page(owner, cem)
    open_page(owner, cem, before=cursor_of(datetime.now(UTC), 1))
    looks = list(looks_at(cem))
    assert [look.what for look in looks] == ["timeline", "profile"]
    assert looks[0].looked_by.startswith("employee:")


def test_a_stranger_has_a_page_and_stands_in_no_list(owner, town):
    stranger = new_id()
    one = Stranger(stranger, (("email", "new@example.org"),))
    add_strangers(strangers=[one], actor=SYSTEM, now=datetime.now(UTC))
    post(owner, stranger, "visit")
    assert post(owner, stranger, "sender", name="Dora").headers["Location"].endswith("sender")
    assert post(owner, stranger, "sender", name="Cem").headers["Location"].endswith("again")
    page = open_page(owner, stranger)
    assert "new@example.org" in page
    assert "Came through Dora" in page
    for address in ("/customers/", "/customers/?order=here"):
        assert "Somebody without a name" not in owner.get(address).content.decode()
    assert "by this e-mail address" in owner.get("/customers/?q=new@example.org").content.decode()


def test_what_is_to_be_remembered_is_told_once_and_shown_with_its_kind(owner, town):
    told = {"key": str(uuid4()), "kind": "avoids", "text": " hazelnuts "}
    answers = [post(owner, town["Cem"], "preference", **told) for _ in range(2)]
    assert [one.headers["Location"].split("=")[1] for one in answers] == ["remembered", "again"]
    post(owner, town["Cem"], "preference", kind="likes", text="flat white")
    page = open_page(owner, town["Cem"], said="remembered")
    assert "It will be remembered." in page
    assert page.index("<li>flat white<a") < page.index('<span class="kind">Avoids</span> hazelnuts')
    assert Preference.objects.get(text="hazelnuts").said_by.startswith("employee:")


def test_a_note_is_kept_once_with_who_wrote_it(owner, town):
    told = {"key": str(uuid4()), "note": "Moved house.\nAsk <how> it went."}
    answers = [post(owner, town["Cem"], "note", **told) for _ in range(2)]
    assert [one.headers["Location"].split("=")[1] for one in answers] == ["note", "again"]
    page = open_page(owner, town["Cem"])
    assert "Moved house. Ask &lt;how&gt; it went." in page
    assert "· The owner" in page
    assert Note.objects.count() == 1


@pytest.mark.parametrize(
    ("act", "told", "said", "kept"),
    [
        ("preference", {"kind": "likes", "text": ""}, "Write what to remember", ""),
        ("preference", {"kind": "needs", "text": "x" * 201}, "in fewer words", "x" * 201),
        ("note", {"note": "  "}, "Write the note first.", ""),
        ("note", {"note": "y" * 5001}, "in fewer words", "y" * 5001),
    ],
)
def test_what_cannot_be_remembered_is_said_beside_its_field(owner, town, act, told, said, kept):
    answer = post(owner, town["Cem"], act, **told)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert said in page
    assert kept in page
    assert not Preference.objects.exclude(text="flat white").exists()
    assert not Note.objects.exists()


def test_nothing_is_remembered_of_a_kind_that_there_is_not_or_of_nobody(owner, town):
    assert post(owner, town["Cem"], "preference", kind="debts", text="50").status_code == 400
    assert post(owner, town["Cem"], "note", note="tea", key="x").status_code == 400
    assert post(owner, uuid4(), "preference", kind="likes", text="tea").status_code == 404
    assert post(owner, uuid4(), "note", note="tea").status_code == 404
    assert not Note.objects.exists()


def claimed(sender, friend, *, hours):
    now = datetime.now(UTC)
    record(
        incoming=[
            Incoming(
                type="referral.recorded",
                source="till",
                key=f"{sender}{friend}{hours}",
                occurred_at=now - timedelta(hours=hours),
                customer_id=friend,
                data={"sender_id": str(sender)},
            )
        ],
        region="DE",
        actor=SYSTEM,
        now=now,
    )


class TestClaims:
    """Whom somebody is said to have come through."""

    def test_what_does_not_stand_is_told_apart_from_what_does(self, owner):
        ana, ben, cem = (new_customer(name) for name in ("Ana", "Ben", "Cem"))
        claimed(ana, ben, hours=9)
        claimed(cem, ben, hours=8)
        claimed(ben, ana, hours=7)
        page = open_page(owner, ben)
        assert "Came through Ana" in page
        assert "Is said to have come through Cem" in page
        assert "Counts for nobody: somebody else was earlier, or it would close a circle." in page
        page = open_page(owner, ana)
        assert "Is said to have come through Ben" in page
        assert "Came through" not in page
        assert "Who sent them?" in page

    def test_what_is_told_twice_of_the_same_two_counts_once(self, owner):
        ana, ben = (new_customer(name) for name in ("Ana", "Ben"))
        claimed(ana, ben, hours=9)
        claimed(ana, ben, hours=8)
        page = open_page(owner, ben)
        assert "That was told more than once; it counts once." in page
        assert "somebody else was earlier" not in page

    def test_nobody_came_through_themselves_while_two_are_one(self, owner):
        ana, anna = new_customer("Ana"), new_customer("Anna")
        claimed(ana, anna, hours=9)
        assert "Came through Ana" in open_page(owner, anna)
        by = {"actor": SYSTEM, "now": datetime.now(UTC)}
        log = merge(kept=ana, merged=anna, **by)
        page = open_page(owner, ana)
        assert "ame through Ana" not in page
        unmerge(merge_id=log, **by)
        assert "Came through Ana" in open_page(owner, anna)


def new_customer(name):
    return add_customer(name=name, region="DE", actor=SYSTEM, now=datetime.now(UTC))


class TestWhoBroughtThemWrongly:
    """It is taken back on the page, and the truth is told there."""

    def test_came_through_ben_is_wrong_and_it_was_gus(self, owner, town):
        cem, dora = town["Cem"], town["Dora"]
        assert "Came through Ben Vogel" in open_page(owner, cem)
        claim = Event.objects.get(type="referral.recorded", customer_id=cem)
        done = post(owner, cem, f"sender/{claim.id}/back")
        assert done.headers["Location"].endswith("?said=sender_back")
        page = open_page(owner, cem, said="sender_back")
        assert "It is taken back." in page
        assert "Came through" not in page
        assert "<details open> <summary>Who sent them?" in page
        assert "Brought Dora." in open_page(owner, town["Ben Vogel"])
        again = post(owner, cem, f"sender/{claim.id}/back")
        assert again.headers["Location"].endswith("?said=again")
        assert post(owner, cem, "sender", name="Gus").headers["Location"].endswith("?said=sender")
        gus = Customer.objects.get(name="Gus")
        assert came_through([UUID(cem), UUID(dora)])[UUID(cem)] == gus.id
        assert "Came through Gus" in open_page(owner, cem)

    def test_what_is_told_of_another_is_not_taken_back_here(self, owner, town):
        claim = Event.objects.get(type="referral.recorded", customer_id=town["Cem"])
        assert post(owner, town["Dora"], f"sender/{claim.id}/back").status_code == 404
        assert came_through([UUID(town["Cem"])])
