"""Why an engine stopped while it read: a damaged file, or a condition that some row cannot answer.

Neither shows before every row is read, which is done once, in the computation itself; so they are looked
for only after it failed.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import ibis

from regulars.insight.engines import ROW_HASH, Engine
from regulars.insight.errors import UnreadableFile
from regulars.insight.reading.selection import select
from regulars.insight.reading.tables import Tables
from regulars.kernel.errors import RegularsError
from regulars.kernel.language import gettext


@contextmanager
def causes_named(engine: Engine, tables: Tables, *, condition: str | None) -> Iterator[None]:
    """Names the cause of an engine's error in the block, where it is in the files or the condition.

    Raises:
        UnreadableFile: A Parquet file is damaged.
        BadCondition: The condition fails for some row.
    """
    try:
        yield
    except RegularsError:
        raise
    except Exception:  # every engine has its own errors
        refuse_damaged(engine, tables)
        for group in tables.groups:
            select(engine, group.rows(engine), condition, text=group.text, every_row=True)
        raise


def refuse_damaged(engine: Engine, tables: Tables) -> None:
    """Reads every cell of the Parquet files that were given.

    Raises:
        UnreadableFile: One is damaged.
    """
    for group in tables.groups:
        if group.text:
            continue
        for number, parquet in group.files.items():
            try:
                engine.fetch(engine.rows([parquet]).aggregate(last=ibis._[ROW_HASH].max()))
            except Exception as error:  # every engine has its own errors
                raise UnreadableFile(
                    path=tables.paths[number], why=gettext("it is damaged.")
                ) from error
