"""A sheet that is sent by two clicks is written once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from tests.console.first_run.conftest import BUSINESS, PEOPLE
from tests.sent import referrals

from regulars.kernel.ids import new_id_written
from regulars.people.models import Customer, Identity

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "connection.vendor == 'sqlite'", reason="SQLite has one writer; its tests live in memory"
    ),
]
CLICKS = 4


def test_a_sheet_of_two_clicks_notes_everybody_once_and_can_be_put_right(client: Client) -> None:
    client.post("/begin/", BUSINESS)
    sheet = {**PEOPLE, "sheet": new_id_written()}
    ready = Barrier(CLICKS)

    def click(_: int) -> str:
        browser = Client()
        browser.cookies[settings.SESSION_COOKIE_NAME] = client.session.session_key
        try:
            ready.wait()
            return browser.post("/begin/twenty/", sheet).headers["Location"]
        finally:
            connection.close()

    with ThreadPoolExecutor(CLICKS) as threads:
        answers = list(threads.map(click, range(CLICKS)))

    assert answers == ["/begin/tomorrow/"] * CLICKS
    assert sorted(Customer.objects.values_list("name", flat=True)) == ["Ben", "Cem", "Dora"]
    assert Identity.objects.count() == 1
    assert len(referrals()) == 2
    client.post("/begin/twenty/", {**sheet, "name-2": "Cem Demir"})
    assert Customer.objects.filter(name="Cem Demir").count() == 1
    assert Customer.objects.count() == 3
