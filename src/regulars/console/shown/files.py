"""Files to take along; no proxy and no browser keeps them."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from django.http import FileResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header

from regulars.kernel.language import language, speaking
from regulars.kernel.spreadsheets import MARK_OF_UTF8, cell

Rows = Iterable[Sequence[str]]


def file_answer(path: Path) -> FileResponse:
    """A file as it lies there."""
    return FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=path.name,
        content_type="application/octet-stream",
    )


def csv_answer(rows: Iterator[Rows], *, name: str) -> StreamingHttpResponse:
    """Rows as a CSV file for a spreadsheet, sent while they are read.

    Args:
        rows: The heading and what is below it, some at a time.
        name: Of the file, without its ending.
    """
    answer = StreamingHttpResponse(
        _written(rows, language()), content_type="text/csv; charset=utf-8"
    )
    answer.headers["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=f"{name}.csv"
    )
    return answer


def _written(rows: Iterator[Rows], code: str) -> Iterator[str]:
    """Lines in the reader's language, although they are asked for after the page is answered."""
    yield MARK_OF_UTF8
    while True:
        lines = io.StringIO(newline="")
        with speaking(code):
            some = next(rows, None)
            if some is None:
                return
            csv.writer(lines).writerows([cell(value) for value in row] for row in some)
        yield lines.getvalue()
