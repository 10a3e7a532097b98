"""``--where``: the rows that count, by a condition over the file's own columns.

The condition is one expression of DuckDB's SQL. The cells of a CSV are text; where a column is compared
with a number or a date, or reckoned with, it is taken as one if all of its values are.
"""

from typing import cast

import duckdb
import ibis.expr.types as ir
import sqlglot
from sqlglot import exp

from regulars.insight.engines import OWN_COLUMNS, Engine
from regulars.insight.errors import BadCondition
from regulars.insight.reading.identities import trimmed
from regulars.kernel.language import gettext

FORBIDDEN = (
    exp.Query,
    exp.Window,
    exp.AggFunc,
    exp.Placeholder,
    exp.Parameter,
    exp.Star,
    exp.Rand,
    exp.Randn,
)
TYPED_BY = (exp.Binary, exp.Between, exp.In, exp.Neg)
WHOLE = r"^[+-]?(0|[1-9]\d{0,17})$"
NUMBER = r"^[+-]?(0|[1-9]\d*)(\.\d+)?$"
DATE = r"^\d{4}-\d{2}-\d{2}$"
MOMENT = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?$"
KINDS = (("BIGINT", WHOLE), ("DOUBLE", NUMBER), ("DATE", DATE), ("TIMESTAMP", MOMENT))


def select(
    engine: Engine,
    table: ir.Table,
    condition: str | None,
    *,
    text: bool,
    every_row: bool = False,
) -> ir.Table:
    """The rows that fulfil a condition.

    Args:
        engine: Computes it.
        table: Rows as `Engine.rows` gives them.
        condition: The person's, or None for all rows.
        text: Whether every cell is text.
        every_row: Whether to try the condition on every row now, not only until one fulfils it.

    Raises:
        BadCondition: It is no condition over the columns of the table, or fails for a row tried.
    """
    if condition is None:
        return table
    tree = parsed(condition)
    name_columns(tree, table, condition)
    if text:
        tree = typed(engine, table, tree)
    try:
        selected = engine.where(table, tree.sql(dialect="duckdb"))
        engine.fetch(selected.count().as_table() if every_row else selected.limit(1))
    except Exception as error:  # every engine has its own errors for it
        why = (
            gettext("it uses a function that does not exist.")
            if isinstance(error, duckdb.CatalogException)
            else gettext(
                "it cannot be computed for every row; TRY_CAST(column AS DOUBLE) reads a text as a "
                "number where it is one."
            )
        )
        raise BadCondition(condition=condition, why=why) from error
    return selected


def parsed(condition: str) -> exp.Expression:
    """The condition as a tree.

    Raises:
        BadCondition: It is no single expression, or it asks for other tables.
    """
    try:
        trees = sqlglot.parse(f"SELECT 1 WHERE ({condition})", dialect="duckdb")
    except sqlglot.errors.SqlglotError as error:
        raise BadCondition(condition=condition, why=gettext("it is not valid SQL.")) from error
    tree = trees[0] if len(trees) == 1 else None
    where = None if tree is None else tree.find(exp.Where)
    parts = set() if tree is None else {part for part, value in tree.args.items() if value}
    only = parts <= {"kind", "expressions", "where"}
    if where is None or not only or next(where.find_all(*FORBIDDEN), None) is not None:
        raise BadCondition(
            condition=condition,
            why=gettext("it must be one condition over the file's own columns."),
        )
    return cast("exp.Expression", where.this)


def name_columns(tree: exp.Expression, table: ir.Table, condition: str) -> None:
    """Writes every column as the table does, quoted.

    Raises:
        BadCondition: A column is not there.
    """
    own = [name for name in table.columns if name not in OWN_COLUMNS]
    for column in list(tree.find_all(exp.Column)):
        name = column.name
        alike = [own_name for own_name in own if own_name.casefold() == name.casefold()]
        if column.table or (name not in own and len(alike) != 1):
            columns = ", ".join(f"“{own_name}”" for own_name in own)
            raise BadCondition(
                condition=condition,
                why=gettext("there is no column “{column}”; the file has {columns}.").format(
                    column=column.sql(), columns=columns
                ),
            )
        column.set("this", exp.to_identifier(name if name in own else alike[0], quoted=True))


def typed(engine: Engine, table: ir.Table, tree: exp.Expression) -> exp.Expression:
    """The condition with casts around the columns that are used as numbers or dates."""
    uses = [column for column in tree.find_all(exp.Column) if used_as_value(column)]
    names = sorted({column.name for column in uses})
    if not names:
        return tree
    checks = {
        f"{kind} {name}": (~trimmed(table[name]).nullif("").re_search(pattern)).sum().cast("int64")
        for name in names
        for kind, pattern in KINDS
    }
    misfits = engine.fetch(table.aggregate(**checks)).to_pylist()[0]
    kinds = {
        name: next((kind for kind, _ in KINDS if misfits[f"{kind} {name}"] == 0), None)
        for name in names
    }
    for column in uses:
        kind = kinds[column.name]
        if kind is not None:
            column.replace(
                exp.TryCast(this=column.copy(), to=exp.DataType.build(kind, dialect="duckdb"))
            )
    return tree


def used_as_value(column: exp.Column) -> bool:
    """Whether a column is compared with, or reckoned with, something that is not text."""
    parent = column.parent
    while isinstance(parent, exp.Paren):
        parent = parent.parent
    if not isinstance(parent, TYPED_BY) or isinstance(
        parent, exp.Like | exp.ILike | exp.DPipe | exp.Connector
    ):
        return False
    texts = [literal for literal in parent.find_all(exp.Literal) if literal.is_string]
    cast = any(isinstance(text.parent, exp.Cast) for text in texts)
    return cast or not texts
