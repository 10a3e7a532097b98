"""How scores are written: many rows at a time."""

TABLE = "scoring_score"


def insert(columns: tuple[str, ...]) -> str:
    """A row of scores, for ``executemany``."""
    marks = ", ".join(["%s"] * len(columns))
    return f"INSERT INTO {TABLE} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608


def copy(columns: tuple[str, ...]) -> str:
    """Rows of scores, as PostgreSQL takes many."""
    return f"COPY {TABLE} ({', '.join(columns)}) FROM STDIN"
