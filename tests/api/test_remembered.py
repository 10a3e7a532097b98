"""Programs remember, ask for consent, merge, export and erase as a person would."""

from collections.abc import Callable
from datetime import time
from itertools import count
from typing import Any

import pytest
from django.http import HttpResponse
from django.utils import timezone

from regulars.credentials.models import ApiKey
from regulars.people.services import add_location, set_contact_rules

Call = Callable[..., HttpResponse]
pytestmark = pytest.mark.django_db
KEYS = (f"key-{number}" for number in count())


def told(response: HttpResponse) -> tuple[int, str | None]:
    return response.status_code, response.json().get("code")


def write(call: Call, method: str, path: str, body: Any, status: int = 201) -> dict[str, Any]:
    response = call(method, path, body, key=next(KEYS))
    assert response.status_code == status, response.content
    return response.json()


def add(call: Call, **customer: Any) -> str:
    return str(write(call, "POST", "/customers", customer)["id"])


def test_what_is_told_is_remembered_with_who_said_so(call: Call) -> None:
    ana = add(call, name="Ana Weber")
    at = f"/customers/{ana}"
    write(call, "POST", "/attributes", {"key": "size", "name": "Size", "kind": "number"})
    write(call, "POST", f"{at}/preferences", {"kind": "avoids", "text": "nuts"})
    write(call, "POST", f"{at}/notes", {"text": "Two steps at the door."})
    write(call, "POST", f"{at}/dates", {"label": "birthday", "month": 2, "day": 29})
    write(call, "PUT", f"{at}/attributes/size", {"value": 42}, status=200)
    write(call, "POST", f"{at}/identities", {"kind": "phone", "value": "030 901820"})
    found = call("GET", f"{at}/profile").json()
    assert [(one["kind"], one["text"]) for one in found["preferences"]] == [("avoids", "nuts")]
    assert found["preferences"][0]["said_by"].startswith("key:")
    assert [one["text"] for one in found["notes"]] == ["Two steps at the door."]
    assert [(one["month"], one["day"], one["year"]) for one in found["dates"]] == [(2, 29, None)]
    assert [(one["key"], one["value"]) for one in found["attributes"]] == [("size", 42)]
    assert [(one["kind"], one["value"]) for one in found["identities"]] == [
        ("phone", "+4930901820")
    ]
    assert found["is_prospect"]


def test_what_is_remembered_is_changed_and_taken_back(call: Call) -> None:
    ana = add(call, name="Ana Weber", likes=["tea"], email="ana@weber.example")
    at = f"/customers/{ana}"
    write(call, "POST", "/attributes", {"key": "size", "name": "Size", "kind": "number"})
    write(call, "PUT", f"{at}/attributes/size", {"value": 42}, status=200)
    write(call, "POST", f"{at}/notes", {"text": "Two steps."})
    write(call, "POST", f"{at}/suppressions", {"channel": "email", "reason": "never"})
    told_of = {"label": "birthday", "month": 2, "day": 29, "year": 1988}
    found = write(call, "POST", f"{at}/dates", told_of)
    ids = {
        name: found[name][0]["id"]
        for name in ("preferences", "notes", "dates", "suppressions", "identities")
    }
    changes: tuple[tuple[str, dict[str, Any]], ...] = (
        ("preferences", {"text": "green tea"}),
        ("notes", {"text": "Three steps."}),
        ("dates", {"month": 3, "day": 1}),
    )
    for name, change in changes:
        found = write(call, "PATCH", f"{at}/{name}/{ids[name]}", change, status=200)
        assert {key: found[name][0][key] for key in change} == change
    assert found["dates"][0]["year"] is None
    for path in (*(f"{name}/{one}" for name, one in ids.items()), "attributes/size"):
        found = write(call, "DELETE", f"{at}/{path}", None, status=200)
        gone = call("DELETE", f"{at}/{path}", key=next(KEYS))
        assert told(gone) == (404, "unknown_entry"), path
    for name in (*ids, "attributes"):
        assert found[name] == []


def test_what_is_anothers_cannot_be_changed(call: Call) -> None:
    ana, ben = add(call, name="Ana", likes=["tea"]), add(call, name="Ben")
    (tea,) = call("GET", f"/customers/{ana}/profile").json()["preferences"]
    at = f"/customers/{ben}/preferences/{tea['id']}"
    assert told(call("DELETE", at, key=next(KEYS))) == (404, "unknown_entry")
    assert told(call("PATCH", at, {"text": "x"}, key=next(KEYS))) == (404, "unknown_entry")


def test_a_customer_is_called_spoken_to_and_at_home_as_told_last(call: Call) -> None:
    here = add_location(name="Old Town", now=timezone.now())
    assert call("GET", "/locations").json() == {
        "locations": [{"id": str(here), "name": "Old Town"}]
    }
    ana = add(call, name="Ana", language="th", location_id=str(here))
    changed = write(call, "PATCH", f"/customers/{ana}", {"name": "Ana Weber"}, status=200)
    assert (changed["name"], changed["language"], changed["location_id"]) == (
        *("Ana Weber", "th"),
        str(here),
    )
    told_now = {"language": "", "location_id": None}
    changed = write(call, "PATCH", f"/customers/{ana}", told_now, status=200)
    assert (changed["name"], changed["language"], changed["location_id"]) == ("Ana Weber", "", None)
    (found,) = call("POST", "/recognise", {"name": "Ana Weber"}).json()["candidates"]
    assert found["customer_id"] == ana
    nowhere = call("PATCH", f"/customers/{ana}", {"location_id": ana}, key=next(KEYS))
    assert told(nowhere) == (404, "unknown_location")


def test_an_attribute_is_of_its_kind_and_kept_by_consent(call: Call) -> None:
    ana = add(call, name="Ana")
    milk = {"key": "milk", "name": "Milk", "kind": "choice", "choices": ["oat", "cow"]}
    write(call, "POST", "/attributes", {**milk, "needs_consent": True})
    assert told(call("POST", "/attributes", milk, key=next(KEYS))) == (409, "attribute_taken")
    at = f"/customers/{ana}/attributes/milk"
    assert told(call("PUT", at, {"value": "oat"}, key=next(KEYS))) == (409, "consent_missing")
    word = {
        "purpose": "profile",
        "channel": "",
        "given": True,
        "text_version": "1",
        "proof": "at the counter",
        "said_at": "2026-06-30T10:00:00+02:00",
    }
    write(call, "POST", f"/customers/{ana}/consents", word)
    assert told(call("PUT", at, {"value": "soy"}, key=next(KEYS))) == (400, "invalid_attribute")
    write(call, "PUT", at, {"value": "oat"}, status=200)
    assert write(call, "DELETE", "/attributes/milk", None, status=200) == {"attributes": []}
    assert told(call("PUT", at, {"value": "oat"}, key=next(KEYS))) == (404, "unknown_attribute")


def test_an_attribute_has_more_choices_and_is_taken_up_again(call: Call) -> None:
    ana = add(call, name="Ana")
    milk = {"key": "milk", "name": "Milk", "kind": "choice", "choices": ["oat", "cow"]}
    write(call, "POST", "/attributes", milk)
    at, value = "/attributes/milk/choices", f"/customers/{ana}/attributes/milk"
    (now,) = write(call, "POST", at, {"choices": ["soy", "oat"]})["attributes"]
    assert now["choices"] == ["oat", "cow", "soy"]
    write(call, "PUT", value, {"value": "soy"}, status=200)
    assert told(call("POST", at, {"choices": []}, key=next(KEYS))) == (422, "too_short")
    write(call, "DELETE", "/attributes/milk", None, status=200)
    assert told(call("POST", at, {"choices": ["x"]}, key=next(KEYS))) == (404, "unknown_attribute")
    number = {"key": "milk", "name": "Milk", "kind": "number"}
    assert told(call("POST", "/attributes", number, key=next(KEYS))) == (409, "attribute_differs")
    (again,) = write(call, "POST", "/attributes", milk)["attributes"]
    assert again["choices"] == ["oat", "cow", "soy"]
    found = call("GET", f"/customers/{ana}/profile").json()
    assert [(one["key"], one["value"]) for one in found["attributes"]] == [("milk", "soy")]


def test_customers_are_found_by_name_page_by_page_and_by_whether_they_bought(call: Call) -> None:
    webers = [add(call, name=f"Weber {name}") for name in ("Ana", "Ben", "Cem")]
    other = add(call, name="Dörte Winter")
    seen: list[str] = []
    query = {"name": "web", "limit": "2"}
    while True:
        page = call("GET", "/customers", **query).json()
        seen += [one["id"] for one in page["customers"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert seen == webers[::-1]

    def found(**asked: str) -> list[str]:
        return [one["id"] for one in call("GET", "/customers", **asked).json()["customers"]]

    assert found(name="dorte wint") == [other]
    assert found(name="b weber") == [webers[1]]
    assert found(name="!?") == []
    bought = {
        "type": "purchase.completed",
        "key": "1",
        "occurred_at": "2026-06-30T10:00:00Z",
        "customer": {"id": other},
        "data": {"total": {"amount_minor": 1, "currency": "EUR"}},
    }
    assert call("POST", "/events", bought).status_code == 200
    assert found(standing="prospect") == webers[::-1]


def test_customers_of_a_place_are_at_home_there_or_were_there(call: Call) -> None:
    market, station = (
        str(add_location(name=name, now=timezone.now())) for name in ("Markt", "Bahnhof")
    )
    home = add(call, name="Ana Weber", location_id=market)
    seen, elsewhere = add(call, name="Ben Weber"), add(call, name="Cem Arslan", location_id=station)
    visit = {
        "type": "visit.recorded",
        "key": "1",
        "occurred_at": "2026-06-30T10:00:00Z",
        "customer": {"id": seen},
        "location": "Markt",
    }
    assert call("POST", "/events", visit).status_code == 200

    def found(**asked: str) -> list[str]:
        return [one["id"] for one in call("GET", "/customers", **asked).json()["customers"]]

    assert found(location_id=market) == [seen, home]
    assert found(location_id=station) == [elsewhere]
    assert found(location_id=market, name="ana") == [home]
    # Whoever was merged takes along where they were.
    write(call, "POST", "/merges", {"kept_id": elsewhere, "merged_id": seen})
    assert found(location_id=market) == [elsewhere, home]
    unknown = call("GET", "/customers", location_id=seen)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_location")


def test_a_contact_made_by_others_counts_in_the_one_budget(call: Call) -> None:
    set_contact_rules(quiet_from=time(0), quiet_until=time(0), contacts_most=1, contacts_days=30)
    ana = add(call, name="Ana", email="ana@weber.example")
    word = {
        "purpose": "news",
        "channel": "email",
        "given": True,
        "text_version": "1",
        "proof": "form",
        "said_at": "2026-06-30T10:00:00+02:00",
    }
    write(call, "POST", f"/customers/{ana}/consents", word)
    path, asked = f"/customers/{ana}/may-contact", {"purpose": "news", "channel": "email"}
    assert call("GET", path, **asked).json()["allowed"]
    write(call, "POST", f"/customers/{ana}/contacts", asked)
    assert call("GET", path, **asked).json()["reason"] == "contact_budget"


def test_who_looked_is_on_record(call: Call) -> None:
    ana = add(call, name="Ana")
    for path in ("", "/profile", "/timeline", "/export"):
        assert call("GET", f"/customers/{ana}{path}").status_code == 200
    first = call("GET", f"/customers/{ana}/looks", limit="2").json()
    rest = call("GET", f"/customers/{ana}/looks", cursor=first["next_cursor"]).json()
    looks = [*first["looks"], *rest["looks"]]
    assert [one["what"] for one in looks] == ["export", "timeline", "profile", "profile"]
    assert all(one["looked_by"].startswith("key:") for one in looks)
    assert {one["name"] for one in looks} == {f"till ({ApiKey.objects.get().mark})"}
    assert rest["next_cursor"] is None


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("POST", "/preferences", {"kind": "hates", "text": "nuts"}, 422, "invalid_value"),
        ("POST", "/preferences", {"text": ""}, 422, "too_short"),
        ("POST", "/notes", {"text": "a\u0000b"}, 422, "invalid_text"),
        ("POST", "/dates", {"label": "x", "month": 13, "day": 1}, 422, "number_out_of_range"),
        ("POST", "/dates", {"label": "x", "month": 2, "day": 30}, 400, "invalid_day"),
        ("POST", "/dates", {"label": "x", "month": "2", "day": 3}, 422, "integer_required"),
        ("PUT", "/attributes/unheard", {"value": 1}, 404, "unknown_attribute"),
        ("POST", "/identities", {"kind": "email", "value": "no"}, 400, "invalid_email"),
        ("POST", "/identities", {"kind": "email", "value": "anonymous"}, 400, "not_an_identity"),
        ("POST", "/consents", {"purpose": "news"}, 422, "field_missing"),
    ],
)
def test_what_cannot_be_remembered_is_refused(
    call: Call, method: str, path: str, body: Any, status: int, code: str
) -> None:
    ana = add(call, name="Ana")
    response = call(method, f"/customers/{ana}{path}", body, key=next(KEYS))
    assert told(response) == (status, code)


def test_consent_opens_the_gate_and_its_withdrawal_shuts_it(call: Call) -> None:
    ana = add(call, name="Ana", email="ana@weber.example")
    asked = {"purpose": "news", "channel": "counter"}
    path = f"/customers/{ana}/may-contact"
    assert call("GET", path, **asked).json()["reason"] == "no_consent"
    word = {
        **asked,
        "given": True,
        "text_version": "1",
        "proof": "on paper",
        "said_at": "2026-06-30T10:00:00+02:00",
    }
    write(call, "POST", f"/customers/{ana}/consents", word)
    assert call("GET", path, **asked).json()["allowed"]
    later = {**word, "given": False, "said_at": "2026-07-01T10:00:00+02:00"}
    write(call, "POST", f"/customers/{ana}/consents", later)
    assert call("GET", path, **asked).json()["reason"] == "no_consent"
    assert told(call("GET", path, purpose="news", channel="pigeon")) == (422, "invalid_value")


def test_two_who_are_one_are_merged_and_parted_again(call: Call) -> None:
    ana = add(call, name="Ana Weber", phone="030 901820")
    other = add(call, name="A. Weber", email="ana@weber.example")
    pair = {"kept_id": ana, "merged_id": other}
    assert call("GET", "/merges/preview", **pair).json()["merged_name"] == "A. Weber"
    merged = write(call, "POST", "/merges", pair)
    assert merged["customer_id"] == ana
    assert call("GET", f"/customers/{other}").json()["id"] == ana
    assert len(call("GET", f"/customers/{ana}").json()["identities"]) == 2
    assert [one["id"] for one in call("GET", "/customers").json()["customers"]] == [ana]
    assert told(call("POST", "/merges", pair, key=next(KEYS))) == (409, "already_merged")
    write(call, "POST", f"/merges/{merged['merge_id']}/undo", {})
    assert call("GET", f"/customers/{other}").json()["name"] == "A. Weber"
    undone = call("POST", f"/merges/{merged['merge_id']}/undo", {}, key=next(KEYS))
    assert told(undone) == (409, "merge_undone")


def test_who_is_changed_by_the_id_of_one_merged_into_them_is_changed_themselves(call: Call) -> None:
    ana = add(call, name="Ana Weber", phone="030 901820")
    other = add(call, name="A. Weber", email="ana@weber.example")
    write(call, "POST", "/merges", {"kept_id": ana, "merged_id": other})
    sent = {"name": "Ana Weber-Kraus", "language": "es"}
    changed = write(call, "PATCH", f"/customers/{other}", sent, 200)
    assert (changed["id"], changed["name"], changed["language"]) == (ana, "Ana Weber-Kraus", "es")
    assert call("GET", f"/customers/{ana}").json() == changed


def test_everything_about_somebody_is_handed_out_and_erased(call: Call) -> None:
    ana = add(call, name="Ana Weber", phone="030 901820", likes=["oat milk"])
    kept = call("GET", f"/customers/{ana}/export").content.decode()
    assert all(value in kept for value in ("Ana Weber", "+4930901820", "oat milk"))
    write(call, "DELETE", f"/customers/{ana}", None, status=200)
    for path in ("", "/profile", "/timeline", "/export", "/scores"):
        assert told(call("GET", f"/customers/{ana}{path}")) == (410, "customer_erased"), path
    visit = {
        "type": "visit.recorded",
        "key": "1",
        "occurred_at": "2026-06-30T10:00:00Z",
        "customer": {"id": ana},
    }
    assert told(call("POST", "/events", visit)) == (410, "customer_erased")


def test_a_bounce_closes_the_addresses_that_there_are_and_a_new_one_is_open(call: Call) -> None:
    set_contact_rules(quiet_from=time(0), quiet_until=time(0), contacts_most=9, contacts_days=9)
    ana = add(call, name="Ana", email="ana@posteo.de")
    at = f"/customers/{ana}"
    word = {"purpose": "news", "channel": "email", "given": True, "text_version": "1"}
    word |= {"proof": "form", "said_at": timezone.now().isoformat()}
    write(call, "POST", f"{at}/consents", word)

    def reason() -> str:
        asked = call("GET", f"{at}/may-contact", purpose="news", channel="email")
        return str(asked.json()["reason"])

    assert reason() == "allowed"
    write(call, "POST", f"{at}/suppressions", {"channel": "email", "reason": "bounce"})
    assert reason() == "suppressed"
    write(call, "POST", f"{at}/identities", {"kind": "email", "value": "ana@web.de"})
    assert reason() == "allowed"
    answer = call(
        "POST", f"{at}/suppressions", {"channel": "post", "reason": "bounce"}, key=next(KEYS)
    )
    assert told(answer) == (400, "unknown_kind")
