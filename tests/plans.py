"""How a database means to answer what is asked of it: whether it walks an index, or everything."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection


@dataclass
class Asked:
    """The queries of a block, with their parameters."""

    queries: list[tuple[str, Any]] = field(default_factory=list)

    def about(self, *parts: str) -> list[tuple[str, Any]]:
        """Those in which some texts stand."""
        return [one for one in self.queries if all(part in one[0] for part in parts)]

    def plans(self, *parts: str) -> list[str]:
        """How the database means to answer them, where walking everything costs as much as among millions."""
        return [_plan(statement, told) for statement, told in self.about(*parts)]


@contextmanager
def asked() -> Iterator[Asked]:
    """Takes down what is asked in a block."""
    found = Asked()

    def listen(execute: Any, statement: str, told: Any, many: bool, context: Any) -> Any:
        found.queries.append((statement, told))
        return execute(statement, told, many, context)

    with connection.execute_wrapper(listen):
        yield found


def _plan(statement: str, told: Any) -> str:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", told)
            return "\n".join(row[3] for row in cursor.fetchall())
        for way in ("seqscan", "sort", "bitmapscan"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(f"EXPLAIN {statement}", told)
        return "\n".join(row[0] for row in cursor.fetchall())
