"""A database of their own for tests whose writers and readers must not see pytest's transaction."""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import pytest


@pytest.fixture
def apart(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of processes that share an empty database, on the server under test."""
    environment = {**os.environ, "REGULARS_HOME": str(tmp_path / "home")}
    address = os.environ.get("DATABASE_URL")
    if not address:
        yield environment
        return
    import psycopg  # noqa: PLC0415  (optional part)

    name = f"apart_{uuid4().hex}"
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield {**environment, "DATABASE_URL": urlunsplit(urlsplit(address)._replace(path=name))}
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
