"""What the database's settings promise of the file that they open."""

import pytest
from django.db import connection
from django.db.utils import ConnectionHandler

from regulars.project.database import database
from regulars.project.home import DATABASE


def test_what_is_deleted_is_not_left_in_the_file(db, tmp_path):
    opened = ConnectionHandler({"default": database(None, tmp_path)})["default"]
    with opened.cursor() as cursor:
        cursor.execute("CREATE TABLE note (id INTEGER PRIMARY KEY, text VARCHAR)")
        for number in range(200):
            cursor.execute("INSERT INTO note VALUES (%s, %s)", [number, "Quillabamba " * 20])
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert b"Quillabamba" in (tmp_path / DATABASE).read_bytes()
        cursor.execute("DELETE FROM note WHERE id <> 7")
        cursor.execute("UPDATE note SET text = %s", ["nothing"])
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    opened.close()
    for file in tmp_path.iterdir():
        assert b"Quillabamba" not in file.read_bytes(), file.name


def test_a_connection_that_the_server_has_closed_is_known_without_a_question(db):
    if connection.vendor != "postgresql":
        pytest.skip("a file has no server")
    kept = connection.copy()
    kept.ensure_connection()
    assert kept.is_usable()
    with kept.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (process,) = cursor.fetchone()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [process])
    assert not kept.is_usable()
    kept.close()
    assert not kept.is_usable()
