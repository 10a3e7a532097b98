"""Claims of who brought whom, as they stand in a file."""

from datetime import date
from pathlib import Path

import pytest

from regulars.insight import errors
from regulars.insight.engines import Engine
from regulars.insight.reading import Source, read_referrals
from regulars.kernel.clock import epoch_day


def test_claims_are_read_and_the_others_counted(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "referrals.csv"
    path.write_text(
        "sender_id,friend_id,occurred_at\n"
        "Ben@Example.org,cem,2024-02-01\n"
        "ana,ben@example.org,2024-01-01\n"
        ",dee,2024-01-01\n"
        "ana,,2024-01-01\n"
        "ana,eve,soon\n"
        "ana,fay,2025-01-01\n"
    )
    found = read_referrals(engine, Source(paths=path), until=date(2024, 12, 31))
    assert found.table.to_pylist() == [
        {"sender_id": "ana", "friend_id": "ben@example.org", "day": epoch_day(date(2024, 1, 1)), "row": 1},
        {"sender_id": "ben@example.org", "friend_id": "cem", "day": epoch_day(date(2024, 2, 1)), "row": 0},
    ]  # fmt: skip
    assert found.rejected == {"no_sender": 1, "no_friend": 1, "bad_date": 1, "after_until": 1}
    assert found.rows.write_rejected(tmp_path / "rejects.csv") == 4


def test_other_names_are_guessed_and_said(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "referrals.csv"
    path.write_text("referred by,new customer,date\nana,ben,2024-01-01\n")
    found = read_referrals(engine, Source(paths=path))
    assert found.table.num_rows == 1
    assert "sender_id is read from “referred by”." in found.notes


def test_a_file_without_senders_is_refused(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "referrals.csv"
    path.write_text("friend_id,occurred_at\nben,2024-01-01\n")
    with pytest.raises(errors.MissingColumn, match="--map-referrals sender_id="):
        read_referrals(engine, Source(paths=path))


def test_a_mapping_to_what_no_referral_has_is_refused(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "referrals.csv"
    path.write_text("sender_id,friend_id,occurred_at\nana,ben,2024-01-01\n")
    with pytest.raises(errors.UnknownMapping, match="“x” cannot be mapped by --map-referrals"):
        read_referrals(engine, Source(paths=path, columns={"x": "y"}))


def test_a_file_of_no_referrals_is_no_error_and_said(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "referrals.csv"
    path.write_text("sender_id,friend_id,occurred_at\n")
    found = read_referrals(engine, Source(paths=path))
    assert (found.table.num_rows, found.rows_read, found.rejected) == (0, 0, {})
    assert found.notes == ("referrals.csv has a header and no rows, so no referrals are known.",)
    assert found.rows.write_rejected(tmp_path / "rejects.csv") == 0
