"""Long fuzzing: whatever bytes come in, a run ends in findings or in one sentence, never in a crash."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.insight import ScoreRequest, Source, score, summary_text
from regulars.kernel.errors import RegularsError

pytestmark = pytest.mark.proof

DATES = st.sampled_from(
    ["2026-01-31", "31.01.2026", "1/2/26", "2026-01-31T23:59:60Z", "1767225600", "soon", "", "0"]
)
AMOUNTS = st.sampled_from(
    ["1", "-1", "0", "1.234,56", "1,234.56", "(5)", "1e309", "NaN", "€ 3", "", "9" * 30, "٣"]
)
CUSTOMERS = st.sampled_from(["Ana", " ana ", "0", "null", "-1", "", "=1+1", "\u202eBen", "7", "07"])
CELLS = st.tuples(CUSTOMERS, DATES, AMOUNTS, st.sampled_from(["A1", "", "A2"]))
HEADERS = st.sampled_from(
    [
        "customer_id,occurred_at,amount,order_id",
        "Email,Created at,Total,Name",
        "kunde;datum;betrag;bestellung",
        "customer_id,customer_id,amount,order_id",
        "a,b,c,d",
    ]
)


def ends_well(path: Path) -> None:
    """Score a file; findings must be whole, and an error must have its sentence."""
    try:
        result = score(ScoreRequest(purchases=Source(paths=path, skip_ragged=True)))
    except RegularsError as error:
        sentence, status = str(error), error.exit_code
    else:
        summary = json.loads(summary_text(result.summary))
        rows = summary["rows"]
        assert rows["used"] + sum(summary["rejected"].values()) == rows["selected"]
        assert len(result.scores) == summary["customers"]
        return
    assert sentence
    assert status == 2


@settings(
    max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    header=HEADERS,
    rows=st.lists(CELLS, max_size=25),
    comma=st.sampled_from([",", ";", "\t"]),
    end=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
)
def test_tables_of_every_kind(
    tmp_path: Path,
    header: str,
    rows: list[tuple[str, str, str, str]],
    comma: str,
    end: str,
    encoding: str,
) -> None:
    lines = [header, *(comma.join(f'"{cell}"' for cell in row) for row in rows)]
    path = tmp_path / "fuzz.csv"
    path.write_bytes((end.join(lines) + end).encode(encoding, errors="replace"))
    ends_well(path)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(before=st.binary(max_size=200), after=st.binary(max_size=200))
def test_bytes_of_every_kind(tmp_path: Path, before: bytes, after: bytes) -> None:
    path = tmp_path / "fuzz.csv"
    path.write_bytes(before + b"\ncustomer_id,occurred_at,amount\nAna,2026-01-31,1\n" + after)
    ends_well(path)
