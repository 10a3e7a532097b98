"""Whatever a text is written in, its rows are those that a person sees in an editor."""

import gzip
from collections.abc import Callable
from typing import Any

import pytest

from regulars.insight import errors
from regulars.insight.reading import PurchaseLines

Read = Callable[..., PurchaseLines]
Lines = Callable[[PurchaseLines], list[dict[str, Any]]]
HEADER = b"customer_id,occurred_at,amount\n"
ROW = b"ana,2024-01-31,5\n"


@pytest.mark.parametrize("end", [b"\r", b"\r\n\n", b" \n  \n", b"\n \r\n\r", b"\x1a"])
def test_a_blank_end_is_no_row(read: Read, end: bytes) -> None:
    found = read(HEADER + ROW + end)
    assert found.rows_read == 1
    assert not found.rejected


def test_lines_that_end_in_different_ways_are_all_rows(read: Read, lines_of: Lines) -> None:
    mixed = HEADER + b"ana,2024-01-31,5\r\nben,2024-01-31,6\rcai,2024-01-31,7\n"
    assert [line["customer_id"] for line in lines_of(read(mixed))] == ["ana", "ben", "cai"]


@pytest.mark.parametrize("name", ["plain.csv.gz", "plain.zst", "plain"])
def test_what_is_not_compressed_is_read_whatever_its_name_says(read: Read, name: str) -> None:
    assert read(HEADER + ROW, name=name).rows_read == 1


def test_what_is_compressed_is_unzipped_whatever_its_name_says(read: Read) -> None:
    assert read(gzip.compress(HEADER + ROW), name="zipped.csv").rows_read == 1


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "base64", "rot13", "hex", "klingon"])
def test_an_encoding_that_does_not_fit_is_refused(read: Read, encoding: str) -> None:
    with pytest.raises(errors.UnknownEncoding, match=f"cannot be read as {encoding}"):
        read(HEADER + ROW, encoding=encoding)


def test_a_file_of_blanks_in_the_encoding_named_is_empty(read: Read) -> None:
    with pytest.raises(errors.EmptyFile):
        read(" \r\n \r\n".encode("utf-16"), encoding="utf-16")
