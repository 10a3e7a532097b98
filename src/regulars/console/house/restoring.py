"""Going back to a backup: what is in it, asked plainly, and a page that waits until Regulars is there again."""

import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from secrets import compare_digest

from django.conf import settings
from django.db import connection
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from regulars.console.access import here
from regulars.console.frame import page
from regulars.console.jobs.words import moment_text
from regulars.jobs.backups.archive import read_archive
from regulars.jobs.backups.names import backups_in
from regulars.jobs.backups.wishes import Wish, ask_for, can_be_fulfilled, latest_wish, start_anew
from regulars.jobs.replaced import REPLACED_KEPT, files_replaced, rows_kept
from regulars.kernel.language import gettext, language, mark
from regulars.kernel.words import number_text
from regulars.people.models import Customer, Employee
from regulars.people.queries import business
from regulars.stream.models import Event

# In the backup and now.
COUNTED: tuple[tuple[str, type[Model]], ...] = (
    (mark("Customers"), Customer),
    (mark("Everything that happened"), Event),
    (mark("Employees"), Employee),
)


@require_http_methods(["GET", "POST"])
def backup_restore(request: HttpRequest, name: str) -> HttpResponse:
    """What is in one, read to its end, and what going back to it means; asks plainly, and does it."""
    if not can_go_back():
        return redirect("backups")
    home = Path(settings.HOME)
    kept = files_replaced(home).get(name)
    path = backup_named(name) if kept is None else kept[0]
    if request.method == "POST" and "sure" in request.POST:
        wish = ask_for(home, name, language=language(), now=datetime.now(UTC))
        start_anew()
        return redirect("restored", token=wish.token)
    if kept is None:
        found = read_archive(path)
        made_at, version = datetime.fromisoformat(found.made_at), found.version
        is_ours, rows = found.kind == connection.vendor, found.rows
    else:
        made_at, version, is_ours = kept[1], "", True
        tables = [model._meta.db_table for _, model in COUNTED]  # noqa: SLF001
        try:
            rows = rows_kept(path, tables)
        except sqlite3.OperationalError as error:  # removed just now: somebody was erased
            raise Http404 from error
    return page(
        request,
        "house/restore.html.j2",
        at="backups",
        status=400 if request.method == "POST" else 200,
        has_not_said=request.method == "POST",
        made=moment_text(made_at, here(request)[0].time_zone),
        version=version,
        is_ours=is_ours,
        sides=_sides(rows),
        days=REPLACED_KEPT.days,
    )


@require_GET
def restored(request: HttpRequest, token: str) -> HttpResponse:
    """How far it is; for whoever asked, who is not signed in any more once it is done."""
    wish = latest_wish(Path(settings.HOME))
    if wish is None or not compare_digest(wish.token.encode(), token.encode()):
        raise Http404
    known = business()
    words = {
        "wish": wish,
        "business": known,
        "told": what_came_of(wish, zone=known.time_zone if known else "UTC"),
        "is_kept": wish.replaced in files_replaced(Path(settings.HOME)),
        "days": REPLACED_KEPT.days,
    }
    return render(request, "house/restored.html.j2", words)


def what_came_of(wish: Wish, *, zone: str) -> str:
    """How far a restore is, in a sentence.

    Args:
        wish: Of who asked for it.
        zone: Of the business.
    """
    if wish.is_open:
        return gettext(
            "Regulars starts anew with the backup. This takes some seconds, with many customers a few minutes; "
            "the page goes on by itself."
        )
    if wish.state == "failed":
        return gettext("Going back did not work: everything is as it was. {why}").format(
            why=wish.error
        )
    moment = moment_text(datetime.fromisoformat(wish.made_at), zone)
    return gettext("Everything is as it was on {moment}.").format(moment=moment)


def can_go_back() -> bool:
    """Whether a page can do it: with a shop's own file, and a server that starts itself anew."""
    return connection.vendor == "sqlite" and can_be_fulfilled()


def backup_named(name: str) -> Path:
    """A backup in the home folder, by its name.

    Raises:
        Http404: There is none.
    """
    path = next((one for one in backups_in(Path(settings.HOME)) if one.name == name), None)
    if path is None:
        raise Http404
    return path


def _sides(rows: Mapping[str, int]) -> list[tuple[str, str, str]]:
    """What is counted, with the numbers in the backup and now."""

    def side(words: str, model: type[Model]) -> tuple[str, str, str]:
        then = rows.get(model._meta.db_table, 0)  # noqa: SLF001
        now = model._base_manager.count()  # noqa: SLF001
        return words, number_text(then), number_text(now)

    return [side(gettext(words), model) for words, model in COUNTED]
