"""What another process changes of people's names is seen at once; what it erases is not remembered for long."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from tests.people.test_at_once import BY

from regulars.people import names
from regulars.people.queries import recognise_by_name, recognition
from regulars.people.services import add_customer, erase, rename


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    "connection.vendor == 'sqlite'", reason="SQLite has one writer; its tests live in memory"
)
def test_a_name_that_another_connection_gives_or_takes_is_found_or_not_at_once():
    def beside(act):
        def run():
            try:
                with transaction.atomic():
                    return act()
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as threads:
            return threads.submit(run).result()

    def found(name):
        return [one.customer_id for one in recognise_by_name(name)]

    assert found("Quilabamba") == []
    ana = beside(lambda: add_customer(name="Ana Quillabamba", region=None, **BY))
    assert found("Quilabamba") == [ana]
    beside(lambda: rename(customer_id=ana, name="Ana Winterstein"))
    assert (found("Quilabamba"), found("Vinterstein")) == ([], [ana])
    beside(lambda: erase(customer_id=ana, **BY))
    assert found("Vinterstein") == []


@pytest.mark.django_db
def test_how_words_of_names_sound_is_forgotten_after_an_hour(monkeypatch):
    recognise_by_name("Quillabamba")
    assert names.word_keys.cache_info().currsize
    later = recognition.monotonic() + recognition.REMEMBERED_SECONDS + 1
    monkeypatch.setattr(recognition, "monotonic", lambda: later)
    recognise_by_name("")
    assert not names.word_keys.cache_info().currsize
    recognise_by_name("Quillabamba")
    assert names.word_keys.cache_info().currsize, "what is asked for within the hour is remembered"
