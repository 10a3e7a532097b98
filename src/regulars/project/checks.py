"""Whether everything is as it should be: configuration, database, books. Looks, and changes nothing."""

import os
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Exists, OuterRef

from regulars.kernel.errors import RegularsError
from regulars.kernel.language import gettext, ngettext
from regulars.kernel.progress import Progress, unheard
from regulars.kernel.words import number_text
from regulars.people.core import normalised
from regulars.people.models import Customer, Erasure, Identity
from regulars.project.home import KEY_FILE
from regulars.stream.models import Event
from regulars.stream.services import unfit

SAFE_SQLITE = (3, 51, 3)
OTHERS = 0o077
FULL = 2  # what SQLite calls synchronous=FULL
READ_AT_ONCE = 2_000

Area = Literal["configuration", "database", "books"]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something that is not as it should be.

    Attributes:
        area: Where.
        code: Stable, snake_case.
        is_wrong: Whether it is to be mended; else it is good to know.
        sentence: What, and what to do, in the language in use.
    """

    area: Area
    code: str
    is_wrong: bool
    sentence: str


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
    return (*found, *_books(progress))


def _configuration(home: Path) -> Iterator[Finding]:
    def finding(code: str, sentence: str, *, is_wrong: bool = True) -> Finding:
        return Finding(area="configuration", code=code, is_wrong=is_wrong, sentence=sentence)

    key = home / KEY_FILE
    if not os.environ.get("REGULARS_SECRET_KEY"):
        if not key.is_file():
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


def _database() -> Iterator[Finding]:
    def finding(code: str, sentence: str, *, is_wrong: bool = True) -> Finding:
        return Finding(area="database", code=code, is_wrong=is_wrong, sentence=sentence)

    not_kept = gettext("The database answers before what was written is on disk ({setting}).")
    if connection.vendor == "sqlite":
        if sqlite3.sqlite_version_info < SAFE_SQLITE:
            yield finding(
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
                yield finding("pragma", not_kept.format(setting=f"{pragma}={there}"))
        told = _asked("PRAGMA quick_check")
        if told != "ok":
            yield finding(
                "damaged",
                gettext("The database is damaged; restore a backup. SQLite says: {why}").format(
                    why=told
                ),
            )
    else:
        for setting in ("synchronous_commit", "fsync", "full_page_writes"):
            there = _asked(f"SHOW {setting}")
            if there not in ("on", "remote_apply"):
                yield finding("not_durable", not_kept.format(setting=f"{setting}={there}"))
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield finding(
            "not_migrated",
            gettext("The database is of an earlier version; regulars start brings it up to date."),
        )


def _asked(query: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


def _books(progress: Progress) -> Iterator[Finding]:
    def finding(code: str, sentence: str) -> Finding:
        return Finding(area="books", code=code, is_wrong=True, sentence=sentence)

    events, stage = Event.objects.count(), gettext("Checking events")
    unfitting: Counter[str] = Counter()
    examples: dict[str, str] = {}
    rows = Event.objects.values_list("id", "type", "data").iterator(chunk_size=READ_AT_ONCE)
    for number, (event, kind, data) in enumerate(rows):
        if number % READ_AT_ONCE == 0:
            progress(stage, number / max(events, 1))
        if unfit(kind, data):
            unfitting[kind] += 1
            examples.setdefault(kind, str(event))
    for kind, count in sorted(unfitting.items()):
        said = ngettext(
            "{count} event of type {type} does not fit its schema: {example}.",
            "{count} events of type {type} do not fit their schema, as {example}.",
            count,
        )
        yield finding(
            "event_unfit",
            said.format(count=number_text(count), type=kind, example=examples[kind]),
        )
    lost = (
        Event.objects.filter(customer_id__isnull=False)
        .filter(~Exists(Customer.objects.filter(id=OuterRef("customer_id"))))
        .filter(~Exists(Erasure.objects.filter(customer_id=OuterRef("customer_id"))))
        .count()
    )
    if lost:
        said = ngettext(
            "{count} event is about a customer who is not there.",
            "{count} events are about customers who are not there.",
            lost,
        )
        yield finding("event_orphaned", said.format(count=number_text(lost)))
    progress(gettext("Checking customers"))
    odd = sum(
        not _is_normal(kind, value)
        for kind, value in Identity.objects.values_list("kind", "value").iterator()
    )
    if odd:
        said = ngettext(
            "{count} identity is not written as identities are compared.",
            "{count} identities are not written as identities are compared.",
            odd,
        )
        yield finding("identity_unfolded", said.format(count=number_text(odd)))


def _is_normal(kind: str, value: str) -> bool:
    """Whether an identity is written as it is compared."""
    try:
        return normalised(kind, value, region=None) == value  # type: ignore[arg-type]
    except RegularsError:
        return False
