"""Everything about a person, for the person: as one structure, as JSON, as a folder of tables.

``EXPORTED`` says which fields of which table go out; ``IMPERSONAL`` which do not, and why. A field
that is in neither fails the tests.
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import Model, Q

from regulars.people.models import (
    AttributeValue,
    Consent,
    Contact,
    Customer,
    Identity,
    ImportantDate,
    Look,
    Merge,
    Note,
    Preference,
    Suppression,
)
from regulars.people.queries.one_person import present_ids
from regulars.stream.models import Event

SAID = ("said_by", "said_at")
FORMULA = re.compile(r"[=+\-@\t\r]")
NUMBER_OR_PHONE = re.compile(r"[+-]?[\d ().-]+")


@dataclass(frozen=True, kw_only=True)
class Exported:
    """What goes out of one table.

    Attributes:
        model: The table.
        fields: Of it, as Django's lookups name them.
        whose: The fields that name the person; one is enough.
    """

    model: type[Model]
    fields: Sequence[str]
    whose: Sequence[str] = ("customer_id",)


EXPORTED: Mapping[str, Exported] = {
    "customers": Exported(
        model=Customer,
        fields=("id", "name", "language", "location__name", "created_at", "created_by"),
        whose=("id",),
    ),
    "identities": Exported(
        model=Identity, fields=("customer_id", "kind", "value", "created_at", "created_by")
    ),
    "preferences": Exported(model=Preference, fields=("customer_id", "kind", "text", *SAID)),
    "attributes": Exported(
        model=AttributeValue,
        fields=("customer_id", "attribute__key", "attribute__name", "value", *SAID),
    ),
    "notes": Exported(model=Note, fields=("customer_id", "text", *SAID)),
    "dates": Exported(
        model=ImportantDate, fields=("customer_id", "label", "month", "day", "year", *SAID)
    ),
    "consents": Exported(
        model=Consent,
        fields=(
            *("customer_id", "purpose", "channel", "given", "text_version", "proof", "said_at"),
            "recorded_by",
        ),
    ),
    "suppressions": Exported(
        model=Suppression,
        fields=(
            *("customer_id", "channel", "identity__value", "reason", "since", "recorded_by"),
            *("lifted_at", "lifted_by"),
        ),
    ),
    "contacts": Exported(
        model=Contact, fields=("customer_id", "purpose", "channel", "made_at", "made_by")
    ),
    "merges": Exported(
        model=Merge,
        fields=("kept_id", "merged_id", "merged_at", "merged_by", "undone_at", "undone_by"),
        whose=("kept_id", "merged_id"),
    ),
    "looks": Exported(model=Look, fields=("customer_id", "looked_by", "what", "looked_at")),
    "events": Exported(
        model=Event,
        fields=("customer_id", "type", "occurred_at", "recorded_at", "source", "key", "data"),
    ),
}
# Tables of this room, and single fields of those above, that tell nothing of a customer.
IMPERSONAL: Mapping[str, str] = {
    "Alias": "follows from the merges",
    "Attribute": "what the business asks; what it knows is exported",
    "BlockedIdentity": "stands for nobody",
    "Business": "the business itself",
    "Employee": "who works here",
    "Employee_locations": "where they work",
    "Erasure": "of an erased customer nothing else is left to export",
    "Location": "a place of the business",
    "NameKey": "follows from the name",
    "NotTheSame": "says that somebody else is somebody else",
    "AttributeValue.id": "a number of ours",
    "Consent.id": "a number of ours",
    "Contact.id": "a number of ours",
    "Identity.id": "a number of ours",
    "ImportantDate.id": "a number of ours",
    "Look.id": "a number of ours",
    "Merge.id": "a number of ours",
    "Note.id": "a number of ours",
    "Preference.id": "a number of ours",
    "Preference.subject": "follows from the text",
    "Suppression.id": "a number of ours",
}


def everything(
    customer_id: UUID, tables: Mapping[str, Exported] = EXPORTED
) -> dict[str, list[dict[str, Any]]]:
    """Everything that is known of a person, and of everybody merged into them.

    Args:
        customer_id: Theirs.
        tables: Those of this room, or of more.

    Returns:
        A list of rows by table, of values that JSON knows; times in ISO 8601.

    Raises:
        UnknownCustomer, CustomerErased: They are not there.
    """
    ids = present_ids(customer_id)
    found: dict[str, list[dict[str, Any]]] = {}
    for name, table in tables.items():
        theirs = Q()
        for field in table.whose:
            theirs |= Q(**{f"{field}__in": ids})
        rows = table.model._default_manager.filter(theirs).order_by("pk")  # noqa: SLF001
        found[name] = [
            {field.replace("__", "_"): _plain(value) for field, value in row.items()}
            for row in rows.values(*table.fields)
        ]
    return found


def write_everything(
    customer_id: UUID, folder: Path, tables: Mapping[str, Exported] = EXPORTED
) -> None:
    """Writes everything about a person into a folder: ``everything.json``, and a CSV file a table.

    A cell that a spreadsheet would run as a formula begins with an apostrophe; the JSON has it as it is.

    Args:
        customer_id: Theirs.
        folder: Made where it is missing.
        tables: As of `everything`.

    Raises:
        UnknownCustomer, CustomerErased: They are not there.
        OSError: The folder cannot be written.
    """
    files = _files(everything(customer_id, tables), tables)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")


def everything_zipped(customer_id: UUID, tables: Mapping[str, Exported] = EXPORTED) -> bytes:
    """The same files in one ZIP archive.

    Args:
        customer_id: Theirs.
        tables: As of `everything`.

    Raises:
        UnknownCustomer, CustomerErased: They are not there.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in _files(everything(customer_id, tables), tables).items():
            archive.writestr(name, text)
    return packed.getvalue()


def _files(
    told: Mapping[str, Sequence[Mapping[str, Any]]], tables: Mapping[str, Exported]
) -> dict[str, str]:
    """What is told as texts by the names of their files."""
    files = {"everything.json": json.dumps(told, ensure_ascii=False, indent=2) + "\n"}
    for name, rows in told.items():
        table = io.StringIO(newline="")
        writer = csv.writer(table)
        writer.writerow([field.replace("__", "_") for field in tables[name].fields])
        writer.writerows([cell(value) for value in row.values()] for row in rows)
        files[f"{name}.csv"] = table.getvalue()
    return files


def _plain(value: object) -> object:
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if isinstance(value, datetime | date | time) else value


def cell(value: object) -> str:
    """A value as a cell of CSV that no spreadsheet runs (OWASP, CSV Injection)."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    runs = FORMULA.match(value) and not NUMBER_OR_PHONE.fullmatch(value)
    return f"'{value}" if runs else value
