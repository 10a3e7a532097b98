"""From the bytes of a text file to UTF-8, in constant memory.

A byte order mark decides; then UTF-8 where every byte fits; then, from a sample, the likeliest of the
encodings that shops' software writes.
"""

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

import charset_normalizer

from regulars.insight.errors import (
    BinaryFile,
    EmptyFile,
    SpreadsheetFile,
    UnknownEncoding,
    UnreadableFile,
)

CHUNK_BYTES = 1 << 22
SAMPLE_BYTES = 1 << 16
FALLBACK = "cp1252"
CANDIDATES = ["cp1252", "cp874", "tis_620", "cp1250", "cp1251", "mac_roman"]
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
ARCHIVES = (
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"\x28\xb5\x2f\xfd",
    b"\xfd7zXZ\x00",
    b"7z\xbc\xaf\x27\x1c",
)
GZIP = b"\x1f\x8b"
NUL_SHARE_OF_UTF16 = 0.3
# Tab, the ends of lines and pages, ESC (which switches the character set in Japanese texts) and the
# end-of-file sign of DOS belong into texts; other controls are there by accident, or it is no text.
CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a\x1b"))
CONTROL_SHARE_OF_BINARY = 0.05
BLANK_END = " \n\x1a"
TAIL_BYTES = 256


@dataclass(frozen=True)
class Text:
    """A file as UTF-8.

    Attributes:
        path: Where the text is in the workspace: a link to the file itself, or a copy.
        encoding: What it was written in.
        newlines: How many line ends it has, the last line counted even without one.
    """

    path: Path
    encoding: str
    newlines: int


def as_utf8(file: Path, copy: Path, *, encoding: str | None) -> Text:
    """A text file as UTF-8 with one kind of line ends, copied only where it is something else.

    Args:
        file: The file, which may be gzipped.
        copy: Where to link to the file, or to write a copy if one is needed.
        encoding: What the file is written in; None finds it.

    Raises:
        EmptyFile: Nothing is in it.
        BinaryFile: It is not text.
        SpreadsheetFile: It is a spreadsheet or an archive.
        UnknownEncoding: It is not written in ``encoding``.
        UnreadableFile: The system refuses, or the compression is damaged.
    """
    with opened(file) as (stream, compressed):
        start = stream.read(SAMPLE_BYTES)
        found = encoding or encoding_of(file, start)
    if found is None:
        newlines, regular = lines_of_utf8(file)
        found = "utf-8" if newlines is not None else likeliest(file)
        if newlines is not None and regular and not compressed:
            # By its own name DuckDB could take it for a pattern or for a compressed file.
            copy.symlink_to(file.resolve())
            return Text(copy, "utf-8", newlines)
    newlines = transcode(file, copy, found)
    return Text(copy, "utf-8" if found == "utf-8-sig" else found, newlines)


@contextmanager
def opened(file: Path) -> Iterator[tuple[IO[bytes], bool]]:
    """The bytes of a file, unzipped where they are gzipped."""
    try:
        with file.open("rb") as raw:
            compressed = raw.read(2) == GZIP
            raw.seek(0)
            if not compressed:
                yield raw, False
                return
            with gzip.open(raw) as unzipped:
                yield cast("IO[bytes]", unzipped), True
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableFile(
            path=file, why=getattr(error, "strerror", None) or str(error)
        ) from error


def encoding_of(file: Path, start: bytes) -> str | None:
    """The encoding that the first bytes prove, or None.

    Raises:
        EmptyFile: There are none.
        BinaryFile: They are not text.
        SpreadsheetFile: They begin an archive.
    """
    if not start.strip(b" \t\r\n" + codecs.BOM_UTF8):
        raise EmptyFile(path=file)
    if start.startswith(ARCHIVES):
        raise SpreadsheetFile(path=file)
    for mark, name in MARKS:
        if start.startswith(mark):
            return name
    if b"\0" not in start:
        controls = sum(start.count(control) for control in CONTROLS)
        if controls > CONTROL_SHARE_OF_BINARY * len(start):
            raise BinaryFile(path=file)
        return None
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if odd > NUL_SHARE_OF_UTF16 * len(start) / 2 > even:
        return "utf-16-le"
    if even > NUL_SHARE_OF_UTF16 * len(start) / 2 > odd:
        return "utf-16-be"
    raise BinaryFile(path=file)


def lines_of_utf8(file: Path) -> tuple[int | None, bool]:
    """How many lines the file has if it is UTF-8 throughout, else None; whether they end regularly.

    Lines end regularly where all end in a line feed, or all in a carriage return and a line feed, and
    nothing blank but line ends follows the last.

    Raises:
        BinaryFile: It holds NUL bytes.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    newlines, returns, both, tail = 0, 0, 0, b"\n"
    with opened(file) as (stream, _):
        while chunk := stream.read(CHUNK_BYTES):
            if not (chunk.isascii() and decoder.getstate()[0] == b""):
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError:
                    return None, False
            if b"\0" in chunk:
                raise BinaryFile(path=file)
            newlines += chunk.count(b"\n")
            returns += chunk.count(b"\r")
            both += chunk.count(b"\r\n") + (tail.endswith(b"\r") and chunk.startswith(b"\n"))
            tail = (tail + chunk[-TAIL_BYTES:])[-TAIL_BYTES:]
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return None, False
    end = tail[len(tail.rstrip(BLANK_END.encode() + b"\r")) :]
    regular = returns in {0, newlines} and both == returns and not end.strip(b"\r\n")
    return newlines + (not tail.endswith(b"\n")), regular


def likeliest(file: Path) -> str:
    """The likeliest encoding of a file that is not UTF-8, from its first lines that tell."""
    telling: list[bytes] = []
    size = 0
    with opened(file) as (stream, _):
        for line in stream:
            if not line.isascii():
                telling.append(line[:CHUNK_BYTES])
                size += len(line)
            if size > SAMPLE_BYTES:
                break
    sample = b"".join(telling)
    best = charset_normalizer.from_bytes(sample, cp_isolation=CANDIDATES).best()
    # Short samples of western text score alike in all single-byte code pages; only a script of its
    # own (Thai, Cyrillic) is evidence against the most common one.
    if best is not None and best.encoding in {"cp874", "tis_620", "cp1251"}:
        return "cp874" if best.encoding == "tis_620" else best.encoding
    return FALLBACK


def transcode(file: Path, copy: Path, encoding: str) -> int:
    """Writes a UTF-8 copy whose lines end in a line feed, no blank one last; returns how many.

    Raises:
        UnknownEncoding: The bytes are not of that encoding, or nobody knows it.
        BinaryFile: It holds NUL characters.
        EmptyFile: Nothing but blanks is in it.
    """
    try:
        " ".encode(encoding)  # refuses what Python calls an encoding and is none of texts: base64
        # cp1252 has five holes that real files fill with control characters; they are no reason to
        # refuse a file.
        decoder = codecs.getincrementaldecoder(encoding)(
            "replace" if encoding == FALLBACK else "strict"
        )
    except (LookupError, ValueError) as error:
        raise UnknownEncoding(path=file, encoding=encoding) from error
    lines = io.IncrementalNewlineDecoder(decoder, translate=True)
    newlines, blank = 0, ""
    with opened(file) as (stream, _), copy.open("wb") as target:
        while True:
            chunk = stream.read(CHUNK_BYTES)
            try:
                text = blank + lines.decode(chunk, final=not chunk)
                body = text.rstrip(BLANK_END)
                written = body.encode()
            except ValueError as error:
                raise UnknownEncoding(path=file, encoding=encoding) from error
            if "\0" in text:
                raise BinaryFile(path=file)
            # What may be the blank end of the file waits until more follows.
            blank = text[len(body) :]
            newlines += written.count(b"\n")
            target.write(written)
            if not chunk:
                if not target.tell():
                    raise EmptyFile(path=file)
                target.write(b"\n")
                return newlines + 1
