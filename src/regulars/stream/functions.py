"""What a column of the log is filled with by the database itself."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BigIntegerField, Func
from django.db.models.sql.compiler import SQLCompiler

from regulars.stream.sql import WRITING_TRANSACTION


class WritingTransaction(Func):
    """The transaction that writes; 0 on SQLite, where one writes at a time."""

    output_field = BigIntegerField()
    arity = 0

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any
    ) -> tuple[str, list[Any]]:
        """Speaks SQLite."""
        del compiler, connection, extra
        return "0", []

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any
    ) -> tuple[str, list[Any]]:
        """Speaks PostgreSQL."""
        del compiler, connection, extra
        return WRITING_TRANSACTION, []
