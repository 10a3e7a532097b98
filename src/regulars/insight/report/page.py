"""The whole page, in words and pictures: what the template lays out."""

from dataclasses import dataclass

from regulars.insight.report.changes import Difference, build_changes
from regulars.insight.report.family import Family, build_family
from regulars.insight.report.headline import Headline, build_headline
from regulars.insight.report.months import Months, build_months
from regulars.insight.report.people import Cards, Week, build_thanks, build_week, build_win_back
from regulars.insight.report.quadrants import Quadrants, build_quadrants
from regulars.insight.report.retention import Retention, build_retention
from regulars.insight.report.rfv import RhythmMap, build_rfv
from regulars.insight.report.small_print import (
    Assumptions,
    LeftOut,
    build_assumptions,
    build_left_out,
)
from regulars.insight.report.trust import Trust, build_trust
from regulars.insight.report.wording import basis
from regulars.insight.result import ScoreResult
from regulars.kernel.language import gettext, language


@dataclass(frozen=True, kw_only=True)
class Page:
    """Everything that is read on the page."""

    language: str
    title: str
    skip: str
    contents_label: str
    basis: str
    headline: Headline
    week: Week
    changes: Difference | None
    groups: Quadrants
    thanks: Cards
    family: Family | None
    win_back: Cards
    rhythm: RhythmMap
    retention: Retention
    months: Months
    trust: Trust
    left_out: LeftOut
    assumptions: Assumptions
    contents: tuple[tuple[str, str], ...]
    footer: str


def build_page(result: ScoreResult) -> Page:
    """The page in the language in use."""
    week = build_week(result)
    changes = build_changes(result)
    groups = build_quadrants(result)
    thanks = build_thanks(result)
    family = _family(result)
    win_back = build_win_back(result)
    rhythm = build_rfv(result)
    retention = build_retention(result)
    months = build_months(result)
    trust = build_trust(result)
    left_out = build_left_out(result)
    assumptions = build_assumptions(result)
    everything = (
        week, changes, groups, thanks, family, win_back, rhythm, retention, months, trust, left_out,
        assumptions,
    )  # fmt: skip
    return Page(
        language=language(),
        title=gettext("Your regulars"),
        skip=gettext("Skip to what to do this week"),
        contents_label=gettext("On this page"),
        basis=basis(result),
        headline=build_headline(result),
        week=week,
        changes=changes,
        groups=groups,
        thanks=thanks,
        family=family,
        win_back=win_back,
        rhythm=rhythm,
        retention=retention,
        months=months,
        trust=trust,
        left_out=left_out,
        assumptions=assumptions,
        contents=tuple((section.anchor, section.heading) for section in everything if section),
        footer=gettext(
            "Made by Regulars on your own machine. Nothing in this file is fetched from or sent to "
            "anywhere. It names your customers: share it with care."
        ),
    )


def _family(result: ScoreResult) -> Family | None:
    """The tree, where every referral can be drawn; a part of a great many would tell nothing."""
    claims = result.summary["referrals"]
    complete = claims is not None and len(result.referrals) == claims["accepted"]
    return build_family(result) if result.referrals and complete else None
