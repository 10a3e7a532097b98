"""The backups that were made by themselves: which there are, to take along, and how to go back to one."""

from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from regulars import __version__
from regulars.console.access import here
from regulars.console.frame import page
from regulars.console.jobs.words import moment_text, size_text
from regulars.console.shown.files import file_answer

FOLDER, PATTERN = "backups", "regulars-*.zip"


@require_http_methods(["GET"])
def backups(request: HttpRequest) -> HttpResponse:
    """The backups, the newest first."""
    business, _ = here(request)
    return page(
        request,
        "house/backups.html.j2",
        at="backups",
        home=settings.HOME,
        version=__version__,
        by_itself=connection.vendor == "sqlite",
        backups=[
            {
                "name": path.name,
                "made": moment_text(datetime.fromtimestamp(said.st_mtime, UTC), business.time_zone),
                "size": size_text(said.st_size),
            }
            for path in _there()
            for said in (path.stat(),)
        ],
    )


@require_http_methods(["GET"])
def backup_file(request: HttpRequest, name: str) -> FileResponse:  # noqa: ARG001  (a view)
    """One of them, to take along."""
    path = next((one for one in _there() if one.name == name), None)
    if path is None:
        raise Http404
    return file_answer(path)


def _there() -> list[Path]:
    found = (Path(settings.HOME) / FOLDER).glob(PATTERN)
    return sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)
