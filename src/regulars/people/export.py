"""Everything about a person, for the person: as one structure, as JSON, as a folder of tables.

What is held of a person each room says for itself; see `regulars.people.held`.
"""

import csv
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from regulars.kernel.spreadsheets import cell
from regulars.people.held import all_held
from regulars.people.queries.one_person import present_ids


def everything(customer_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Everything that is known of a person, and of everybody merged into them.

    Args:
        customer_id: Theirs.

    Returns:
        A list of rows by table, of values that JSON knows; times in ISO 8601.

    Raises:
        UnknownCustomer, CustomerErased: They are not there.
    """
    ids = present_ids(customer_id)
    found: dict[str, list[dict[str, Any]]] = {}
    for name, held in all_held().items():
        rows = held.rows(ids).order_by("pk")
        found[name] = [
            {
                field.replace("__", "_"): _plain(
                    held.told[field](value) if field in held.told else value
                )
                for field, value in row.items()
            }
            for row in rows.values(*held.fields)
        ]
    return found


def everything_zipped(customer_id: UUID) -> bytes:
    """Everything about a person in one ZIP archive: ``everything.json``, and a CSV file a table.

    A cell that a spreadsheet would run as a formula begins with an apostrophe; the JSON has it as it is.

    Args:
        customer_id: Theirs.

    Raises:
        UnknownCustomer, CustomerErased: They are not there.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in _files(everything(customer_id)).items():
            archive.writestr(name, text)
    return packed.getvalue()


def _files(told: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, str]:
    """What is told as texts by the names of their files."""
    files = {"everything.json": json.dumps(told, ensure_ascii=False, indent=2) + "\n"}
    held = all_held()
    for name, rows in told.items():
        table = io.StringIO(newline="")
        writer = csv.writer(table)
        writer.writerow([field.replace("__", "_") for field in held[name].fields])
        writer.writerows([cell(value) for value in row.values()] for row in rows)
        files[f"{name}.csv"] = table.getvalue()
    return files


def _plain(value: object) -> object:
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if isinstance(value, datetime | date | time) else value
