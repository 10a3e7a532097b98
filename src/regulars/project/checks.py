"""Whether everything is as it should be: configuration, database, books. Looks, and changes nothing."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Max, Min
from django.http.request import validate_host

from regulars.jobs.backups.names import daily_backups
from regulars.jobs.replaced import REPLACED_KEPT, replaced_folders
from regulars.kernel.language import gettext, ngettext
from regulars.kernel.outbox.queries import overdue
from regulars.kernel.progress import Progress, unheard
from regulars.kernel.words import date_text, number_text
from regulars.outreach.accounts import mail_account
from regulars.outreach.reasons import sentence
from regulars.people.queries import business, day_here
from regulars.project.books import books
from regulars.project.finding import Finding
from regulars.project.home import DATABASE, KEY_FILE
from regulars.project.promised import FILE as PROMISES
from regulars.stream.models import Event

SAFE_SQLITE = (3, 51, 3)
OTHERS = 0o077
FULL = 2  # what SQLite calls synchronous=FULL
SECRET_CHARACTERS = 32
COPIES = 2  # of the database that a backup and a restore need beside it
NOT_BACKED_UP_DAYS = 3

LONGEST_WAIT = timedelta(hours=1)


def findings(home: Path, *, progress: Progress = unheard) -> tuple[Finding, ...]:
    """Everything that is not as it should be.

    Args:
        home: The home folder.
        progress: Told about each stage.
    """
    progress(gettext("Checking the configuration"))
    found = [*_configuration(home)]
    progress(gettext("Checking the database"))
    found += _database()
    if any(one.code == "not_migrated" for one in found):
        return tuple(found)
    found += _reach()
    progress(gettext("Checking the backups"))
    return (*found, *_backups(home), *_replaced(home), *_mail(datetime.now(UTC)), *books(progress))


def _configuration(home: Path) -> Iterator[Finding]:
    def finding(code: str, sentence: str, *, is_wrong: bool = True) -> Finding:
        return Finding(area="configuration", code=code, is_wrong=is_wrong, sentence=sentence)

    key = home / KEY_FILE
    secret = os.environ.get("REGULARS_SECRET_KEY")
    if secret:
        if len(secret) < SECRET_CHARACTERS:
            yield finding(
                "secret_key_short",
                gettext(
                    "REGULARS_SECRET_KEY can be guessed; it should have {count} characters or more."
                ).format(count=SECRET_CHARACTERS),
            )
    elif not key.is_file():
        yield finding("no_secret_key", gettext("There is no {file}.").format(file=key))
    elif key.stat().st_mode & OTHERS:
        yield finding(
            "secret_key_readable",
            gettext("Others on this computer can read {file}; take their right away.").format(
                file=key
            ),
        )
    if home.stat().st_mode & OTHERS:
        yield finding(
            "home_readable",
            gettext("Others on this computer can look into {folder}.").format(folder=home),
            is_wrong=False,
        )
    if "*" in settings.ALLOWED_HOSTS or not all(settings.ALLOWED_HOSTS):
        yield finding(
            "any_host",
            gettext("REGULARS_HOSTS lets any name in; write the names of this server there."),
        )

    if any(one.prefixlen == 0 for one in settings.REGULARS_TRUSTED_PROXIES):
        yield finding(
            "any_proxy",
            gettext(
                "REGULARS_TRUSTED_PROXIES believes anybody about who asks; write the addresses of your own "
                "proxies there."
            ),
        )


def _reach() -> Iterator[Finding]:
    """Whether customers are let in where messages lead them; what is not HTTPS is refused when it is told."""
    house = business()
    host = urlsplit(house.public_address).hostname if house else None
    if house and host and not validate_host(host, settings.ALLOWED_HOSTS):
        said = gettext(
            "Messages lead to {address}, a name that REGULARS_HOSTS does not let in; add it there."
        )
        yield Finding(
            area="configuration",
            code="address_not_let_in",
            is_wrong=True,
            sentence=said.format(address=house.public_address),
        )


def _database() -> Iterator[Finding]:
    yield from _sqlite() if connection.vendor == "sqlite" else _postgresql()
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield _of_the_database(
            "not_migrated",
            gettext("The database is of an earlier version; regulars start brings it up to date."),
        )


def _of_the_database(code: str, sentence: str, *, is_wrong: bool = True) -> Finding:
    return Finding(area="database", code=code, is_wrong=is_wrong, sentence=sentence)


def _not_kept(code: str, setting: str) -> Finding:
    said = gettext("The database answers before what was written is on disk ({setting}).")
    return _of_the_database(code, said.format(setting=setting))


def _sqlite() -> Iterator[Finding]:
    if sqlite3.sqlite_version_info < SAFE_SQLITE:
        yield _of_the_database(
            "sqlite_old",
            gettext(
                "SQLite is {version}; from 3.51.3 on a rare damage is mended that several processes "
                "can do to one file. Keep to one server process, and to backups."
            ).format(version=sqlite3.sqlite_version),
            is_wrong=False,
        )
    for pragma, wanted in (("synchronous", FULL), ("journal_mode", "wal")):
        there = _asked(f"PRAGMA {pragma}")
        if there != wanted:
            yield _not_kept("pragma", f"{pragma}={there}")
    told = _asked("PRAGMA quick_check")
    if told != "ok":
        yield _of_the_database(
            "damaged",
            gettext("The database is damaged; restore a backup. SQLite says: {why}").format(
                why=told
            ),
        )


def _postgresql() -> Iterator[Finding]:
    for setting in ("synchronous_commit", "fsync", "full_page_writes"):
        there = _asked(f"SHOW {setting}")
        if there not in ("on", "remote_apply"):
            yield _not_kept("not_durable", f"{setting}={there}")
    encoding = _asked("SHOW server_encoding")
    if encoding != "UTF8":
        yield _of_the_database(
            "not_utf8",
            gettext(
                "The database keeps texts as {encoding} and cannot take every name; make one in UTF8."
            ).format(encoding=encoding),
        )


def _mail(now: datetime) -> Iterator[Finding]:
    """Whether what is to leave the building leaves it."""
    account = mail_account()
    waiting = overdue(now=now, longer_than=LONGEST_WAIT)
    if account is None or not waiting:
        return
    said = ngettext(
        "{count} message has waited for more than an hour to be sent.",
        "{count} messages have waited for more than an hour to be sent.",
        waiting,
    ).format(count=number_text(waiting))
    unattended = gettext("Look whether regulars start or regulars worker runs.")
    why = account.problem and sentence(
        account.problem, host=account.host, port=account.port, sender=account.sender_address
    )
    yield Finding(
        area="mail",
        code="mail_waits",
        is_wrong=True,
        sentence=f"{said} {why or unattended}",
    )


def _backups(home: Path) -> Iterator[Finding]:
    """Of a shop's own file; PostgreSQL's backups are its administrator's."""

    def finding(code: str, sentence: str) -> Finding:
        return Finding(area="backups", code=code, is_wrong=True, sentence=sentence)

    if (home / PROMISES).is_file():
        yield finding(
            "restore_not_finished",
            gettext(
                "A restore was cut off before the erasures that it found were told again; "
                "start Regulars, and it does so first."
            ),
        )
    if connection.vendor != "sqlite":
        return
    written = Event.told.aggregate(first=Min("recorded_at"), last=Max("recorded_at"))
    if written["last"]:
        kept = max(daily_backups(home), default=day_here(written["first"]))
        if (day_here(written["last"]) - kept).days >= NOT_BACKED_UP_DAYS:
            yield finding(
                "backup_old",
                gettext(
                    "What was written down after {day} is in no nightly backup; keep Regulars running at night "
                    "or start it in the morning, or back it up by hand."
                ).format(day=date_text(kept)),
            )
    file = home / DATABASE
    if file.is_file() and shutil.disk_usage(home).free < COPIES * file.stat().st_size:
        yield finding(
            "disk_full",
            gettext("There is too little space in {folder} for a backup; make some.").format(
                folder=home
            ),
        )


def _replaced(home: Path) -> Iterator[Finding]:
    """What a restore kept of what it replaced; it may hold more than the data do now."""
    for folder, made_at in replaced_folders(home).items():
        said = gettext(
            "What a restore replaced is in {folder} until {day}, or until somebody is erased; delete it once "
            "you are sure that it is not needed."
        )
        yield Finding(
            area="backups",
            code="replaced_kept",
            is_wrong=False,
            sentence=said.format(folder=folder, day=date_text(day_here(made_at + REPLACED_KEPT))),
        )


def _asked(query: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]
