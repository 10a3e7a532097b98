"""The backups that were made by themselves: which there are, to take along, and to go back to."""

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.http import FileResponse, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from regulars import __version__
from regulars.console.access import actor_of, here
from regulars.console.frame import page
from regulars.console.house.restoring import backup_named, can_go_back, what_came_of
from regulars.console.jobs.words import moment_text, size_text
from regulars.console.shown.files import file_answer
from regulars.jobs.backups.names import backups_in, folder_of_backups
from regulars.jobs.backups.wishes import latest_wish
from regulars.jobs.replaced import REPLACED_KEPT, files_replaced
from regulars.people.audit import table_taken


@require_GET
def backups(request: HttpRequest) -> HttpResponse:
    """The backups, the newest first."""
    home, zone = Path(settings.HOME), here(request)[0].time_zone
    shown = []
    for path in backups_in(home):
        with suppress(FileNotFoundError):  # gone just now: its turn was over
            said = path.stat()
            made = moment_text(datetime.fromtimestamp(said.st_mtime, UTC), zone)
            shown.append({"name": path.name, "made": made, "size": size_text(said.st_size)})
    latest = latest_wish(home)
    replaced = []
    for name, (file, at) in files_replaced(home).items():
        with suppress(FileNotFoundError):
            size = size_text(file.stat().st_size)
            replaced.append({"name": name, "made": moment_text(at, zone), "size": size})
    return page(
        request,
        "house/backups.html.j2",
        at="backups",
        home=home,
        folder=folder_of_backups(home),
        version=__version__,
        by_itself=connection.vendor == "sqlite",
        can_go_back=can_go_back(),
        backups=shown,
        replaced=replaced if can_go_back() else [],
        days=REPLACED_KEPT.days,
        latest=what_came_of(latest, zone=zone) if latest else "",
    )


@require_GET
def backup_file(request: HttpRequest, name: str) -> FileResponse:
    """One of them, to take along; that somebody did is written down before it leaves."""
    path = backup_named(name)
    table_taken(table="backup", rows=None, actor=actor_of(request), now=datetime.now(UTC))
    return file_answer(path)
