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
REPORT_SIGN = b'<meta name="generator" content="Regulars">'
REPORT_HEAD_BYTES = 2048


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


def is_report(file: Path) -> bool:
    """Whether a file is a report of ours."""
    try:
        with file.open("rb") as stream:
            return REPORT_SIGN in stream.read(REPORT_HEAD_BYTES)
    except OSError:
        return False


def is_of_a_run(file: Path) -> bool:
    """Whether a file is what a run wrote, and not something to read."""
    if file.suffix == ".html":
        return is_report(file)
    return file.name in FILES and holds_a_run(file.parent)
