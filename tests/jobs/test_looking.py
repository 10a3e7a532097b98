"""A first look says what a file holds and which of its columns is which of ours."""

import gzip

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from regulars.insight.errors import AmbiguousColumn, EmptyFile, MissingColumn
from regulars.intake.files.errors import NoCustomerColumn
from regulars.jobs.looking import look_at

ORDERS = "Kunde;Datum;Betrag;Artikel\nAna;01.06.2026;4,20;Tee\n"


def a_file(tmp_path, text, name="file.csv"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(
    ("text", "what", "columns"),
    [
        (
            ORDERS,
            "purchases",
            {"customer_id": "Kunde", "occurred_at": "Datum", "amount": "Betrag", "item": "Artikel"},
        ),
        (
            "referrer,friend,date\na,b,2026-06-01\n",
            "referrals",
            {"sender_id": "referrer", "friend_id": "friend", "occurred_at": "date"},
        ),
        ("Nombre,Correo\nAna,a@example.org\n", "customers", {"name": "Nombre", "email": "Correo"}),
    ],
)
def test_what_a_file_holds_is_guessed_by_its_columns(tmp_path, text, what, columns):
    found = look_at(a_file(tmp_path, text))
    assert (found.what, found.columns, found.problem) == (what, columns, None)


def test_the_first_rows_are_shown_as_they_stand(tmp_path):
    found = look_at(a_file(tmp_path, ORDERS))
    assert found.names == ("Kunde", "Datum", "Betrag", "Artikel")
    assert found.rows == (("Ana", "01.06.2026", "4,20", "Tee"),)


def test_of_a_large_file_only_the_beginning_is_read(tmp_path):
    path = a_file(tmp_path, "name,email\n" + "Ana,ana@example.org\n" * 50_000)
    assert len(look_at(path).rows) == 4
    packed = a_file(tmp_path, gzip.compress(path.read_bytes()), "file.csv.gz")
    assert look_at(packed).columns == {"name": "name", "email": "email"}


def test_parquet_is_looked_at_too(tmp_path):
    path = tmp_path / "file.parquet"
    pq.write_table(pa.table({"name": ["Ana"], "phone": ["0171 2345678"]}), path)
    found = look_at(path)
    assert (found.what, found.rows) == ("customers", (("Ana", "0171 2345678"),))


def test_what_the_person_says_goes_before_what_is_guessed(tmp_path):
    path = a_file(tmp_path, "wer,wann,wieviel\nAna,2026-06-01,4\n")
    assert look_at(path).what is None
    asked = {"customer_id": "wer", "occurred_at": "wann", "amount": "wieviel"}
    found = look_at(path, what="purchases", asked=asked)
    assert (found.columns, found.problem) == (asked, None)


@pytest.mark.parametrize(
    ("text", "what", "error"),
    [
        ("", None, EmptyFile),
        ("wer,wann\nAna,2026-06-01\n", "purchases", MissingColumn),
        ("date,created,customer,total\n2026-06-01,2026-06-02,a,4\n", "purchases", AmbiguousColumn),
        ("x,y\n1,2\n", "customers", NoCustomerColumn),
    ],
)
def test_what_keeps_it_from_being_read_is_told(tmp_path, text, what, error):
    found = look_at(a_file(tmp_path, text), what=what)
    assert isinstance(found.problem, error)
