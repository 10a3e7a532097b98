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
    template = "0"

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        """Speaks PostgreSQL."""
        return self.as_sql(compiler, connection, template=WRITING_TRANSACTION, **extra)
