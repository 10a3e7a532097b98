"""What a run writes, by name, and how its folder is told from any other."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

SCORES = "scores.parquet"
SCORES_CSV = "scores.csv"
SUMMARY = "summary.json"
REJECTED = "rejected.csv"
REJECTED_REFERRALS = "rejected_referrals.csv"
FILES = (SCORES, SCORES_CSV, REJECTED, REJECTED_REFERRALS, SUMMARY)
DIGEST = "scores_sha256"
SIGN = b"regulars"  # in the metadata of the scores


def holds_a_run(folder: Path) -> bool:
    """Whether a run wrote into a folder: its summary says so, or, after a crash, its scores."""
    try:
        summary = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
        if isinstance(summary, dict) and DIGEST in summary:
            return True
    except (OSError, ValueError):
        pass
    try:
        return SIGN in (pq.read_schema(folder / SCORES).metadata or {})
    except (OSError, pa.ArrowException):
        return False


def is_of_a_run(file: Path) -> bool:
    """Whether a file is what a run wrote, and not something to read."""
    return file.name in FILES and holds_a_run(file.parent)
