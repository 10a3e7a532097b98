"""From files to findings: the one path that a run takes.

Files are read here and results written here; ``analysis`` holds the steps between, in their order.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from regulars.insight.analysis import analyse
from regulars.insight.compare import read_earlier
from regulars.insight.engines import open_engine
from regulars.insight.errors import HoldoutNotAfter
from regulars.insight.output import check_replaces, staged, staged_file, write_scores
from regulars.insight.reading import Source, read_purchases, read_referrals
from regulars.insight.report import render_report
from regulars.insight.result import ScoreResult
from regulars.insight.run_files import FILES, REJECTED, REJECTED_REFERRALS
from regulars.insight.settings import ModelChoice, Settings
from regulars.kernel.progress import Progress, unheard

# What a request and the settings of its run have in common.
ASKED_AS_ASSUMED = (
    "validate_until",
    "model",
    "horizon_weeks",
    "discount_yearly",
    "acquisition_cost",
    "come_anyway",
    "decay",
    "window_weeks",
    "recorded_share",
    "allow_regular",
)


@dataclass(frozen=True, kw_only=True)
class ScoreRequest:
    """What to score, and how. Units and meanings as in ``Settings``.

    Attributes:
        purchases: The files of purchases.
        referrals: The files of who brought whom, or None.
        until: Last day that counts; None for the last day in the files that is not after ``today``.
        margin: None for the file's own margins, or 1 where it has none.
        today: Without ``until``, later days in the files are not believed; None believes them all.
        engine: "duckdb", "spark", or the address of a Spark master.
        earlier: The folder of an earlier run to compare with; its cut points are kept.
    """

    purchases: Source
    referrals: Source | None = None
    until: date | None = None
    validate_until: date | None = None
    today: date | None = None
    model: ModelChoice = Settings.model
    horizon_weeks: float = Settings.horizon_weeks
    margin: float | None = None
    discount_yearly: float = Settings.discount_yearly
    acquisition_cost: float = Settings.acquisition_cost
    come_anyway: float = Settings.come_anyway
    decay: float = Settings.decay
    window_weeks: float = Settings.window_weeks
    recorded_share: float = Settings.recorded_share
    allow_regular: bool = Settings.allow_regular
    engine: str = "duckdb"
    earlier: Path | None = None

    def files(self) -> list[Path]:
        """Every file that is read.

        Raises:
            NoSuchFile: A path or pattern leads to nothing.
            NoTables: A folder holds no table.
        """
        rates = self.purchases.currency_rates
        return [
            *self.purchases.files(),
            *(self.referrals.files() if self.referrals else ()),
            *([rates] if rates else ()),
        ]

    def settings(self, until: date, *, file_has_margins: bool) -> Settings:
        """The assumptions, once the last day is known."""
        shared = {name: getattr(self, name) for name in ASKED_AS_ASSUMED}
        return Settings(
            until=until,
            margin=Settings.margin if self.margin is None else self.margin,
            margin_from_file=self.margin is None and file_has_margins,
            **shared,
        )


@dataclass(frozen=True)
class Scored:
    """The findings, and what else can be written while the work is still at hand.

    Attributes:
        result: What was found.
        write_rejects: Writes rows that could not be used, with file, line and reason, by file name.
        reads: The files that were read, which nothing may overwrite.
    """

    result: ScoreResult
    write_rejects: Mapping[str, Callable[[Path], int]]
    reads: tuple[Path, ...] = ()


@contextmanager
def scoring(request: ScoreRequest, *, progress: Progress = unheard) -> Iterator[Scored]:
    """Score the customers of a business; intermediate files last as long as the block.

    Args:
        request: What to score, and how.
        progress: Told about each stage.

    Yields:
        The findings.

    Raises:
        RegularsError: The files can't be used; its sentence says why and what to do.
    """
    earlier = read_earlier(request.earlier) if request.earlier else None
    _check_days(request.until, request.validate_until)
    with open_engine(request.engine) as engine:
        lines = read_purchases(
            engine,
            request.purchases,
            until=request.until,
            keep_until=request.validate_until,
            today=request.today,
            progress=progress,
        )
        _check_days(lines.until, request.validate_until)
        claims = None
        if request.referrals is not None:
            claims = read_referrals(engine, request.referrals, until=lines.until, progress=progress)
        settings = request.settings(lines.until, file_has_margins="margin" in lines.columns)
        result = analyse(engine, lines, claims, settings, earlier=earlier, progress=progress)
        rejects: dict[str, Callable[[Path], int]] = {REJECTED: lines.rows.write_rejected}
        if claims is not None:
            rejects[REJECTED_REFERRALS] = claims.rows.write_rejected
        yield Scored(result, rejects, tuple(request.files()))


def score(request: ScoreRequest, *, progress: Progress = unheard) -> ScoreResult:
    """Score the customers of a business.

    Args:
        request: What to score, and how.
        progress: Told about each stage.

    Returns:
        The findings.

    Raises:
        RegularsError: The files can't be used; its sentence says why and what to do.
    """
    with scoring(request, progress=progress) as scored:
        return scored.result


def write_outputs(
    scored: Scored,
    *,
    folder: Path | None = None,
    as_csv: bool = False,
    report: Path | None = None,
    language: str = "en",
) -> None:
    """Write what was asked for: all of it is prepared before the first file appears.

    Args:
        scored: The findings.
        folder: Where the scores, the summary and the rejected rows go, if anywhere.
        as_csv: Whether to write ``scores.csv`` too.
        report: Where the report goes, if anywhere.
        language: Of the report.

    Raises:
        CannotWrite: A place can't be written to; nothing has appeared then.
        WouldOverwrite, NotFromARun: A file would be lost; see `check_replaces`.
    """
    check_replaces(scored.reads, folder=folder, report=report)
    with ExitStack() as places:
        if report is not None:
            page = places.enter_context(staged_file(report))
            page.write_text(render_report(scored.result, language), encoding="utf-8")
        if folder is not None:
            stage = places.enter_context(staged(folder, replaces=FILES))
            write_scores(scored.result, stage, as_csv=as_csv, write_rejects=scored.write_rejects)


def _check_days(until: date | None, validate_until: date | None) -> None:
    if until is not None and validate_until is not None and validate_until <= until:
        raise HoldoutNotAfter(until=until, validate_until=validate_until)
