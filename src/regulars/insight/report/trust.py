"""Can the forecast be trusted: what it said beside what happened."""

from dataclasses import dataclass
from datetime import date

from regulars.insight.report.drawing import Canvas, Specification, axis, picture, ticks
from regulars.insight.report.section import Picture, Section, Table
from regulars.insight.report.wording import basis, share_text
from regulars.insight.result import ScoreResult, TrackingPoint
from regulars.kernel.clock import epoch_day
from regulars.kernel.language import gettext, ngettext
from regulars.kernel.words import compact_text, date_text, month_text, number_text

POINTS_DRAWN = 120
CLOSE, FAIR = 0.05, 0.15
FEWEST_POINTS = 2


@dataclass(frozen=True, kw_only=True)
class Trust(Section):
    """The verdict in words and the two pictures behind it."""

    verdict: str = ""
    tracking: Picture | None = None
    conditional: Picture | None = None
    numbers: Table | None = None
    fold: str = ""


def build_trust(result: ScoreResult) -> Trust:
    """What a holdout says, in plain words."""
    heading = gettext("Can the forecast be trusted?")
    if result.summary["ladder"] != "models" or not (result.tracking or result.summary["holdout"]):
        return Trust(
            anchor="trust",
            heading=heading,
            empty=gettext(
                "Once there is a forecast, it will be put to the test here: what it would have "
                "said some months ago, beside what really happened since."
            ),
        )
    return Trust(
        anchor="trust",
        heading=heading,
        intro=_intro(result),
        basis=basis(result),
        verdict=_verdict(result),
        tracking=_tracking_picture(result),
        conditional=_conditional_picture(result),
        numbers=_numbers(result),
        fold=gettext("The numbers behind it"),
    )


def _verdict(result: ScoreResult) -> str:
    holdout = result.summary["holdout"]
    if not holdout:
        return ""
    expected, actual = holdout["expected"], holdout["actual"]
    error = abs(expected - actual) / actual if actual else None
    return _judgement(error).format(
        expected=number_text(expected),
        actual=number_text(actual),
        share=share_text(error or 0),
    )


def _judgement(error: float | None) -> str:
    """What is said of a forecast that was off by a share of what happened, or of nothing."""
    if error is None:
        return gettext("The forecast was {expected} purchases, and none happened.")
    if error <= CLOSE:
        return gettext(
            "The forecast was {expected} purchases, and {actual} happened: it can be trusted to within "
            "about {share}."
        )
    if error <= FAIR:
        return gettext(
            "The forecast was {expected} purchases, and {actual} happened: right in direction, and off "
            "by {share}."
        )
    return gettext(
        "The forecast was {expected} purchases, and {actual} happened: off by {share}. Take what is "
        "expected with great care."
    )


def _intro(result: ScoreResult) -> tuple[str, ...]:
    holdout = result.summary["holdout"]
    if not holdout and result.settings.validate_until is not None:
        return (
            gettext(
                "The forecast could not be tested: the file ends before the days to test it on."
            ),
        )
    if not holdout:
        return (_tried(result),)
    low, high = holdout["interval"]
    inside = low <= holdout["actual"] <= high
    told = (
        gettext("It gave a range of {low} to {high}, and what happened lies within.")
        if inside
        else gettext("It gave a range of {low} to {high}, and what happened lies outside.")
    )
    return (
        gettext(
            "The forecast saw nothing after {start}. What it then expected until {end} was "
            "compared with what happened."
        ).format(
            start=date_text(result.settings.until),
            end=date_text(date.fromisoformat(holdout["until"])),
        ),
        told.format(low=number_text(low), high=number_text(high)),
    )


def _tried(result: ScoreResult) -> str:
    """What choosing the model told of it, where it was chosen; and how to put it to the test."""
    model = result.summary["purchase_model"]
    trial = next((one for one in model["trials"] if one["model"] == model["name"]), None)
    if trial is None:
        return gettext(
            "The forecast has not been tested against days it did not see. End the analysis "
            "some months ago with --until, and name the last day of your file with "
            "--validate-until."
        )
    return gettext(
        "When the model was chosen, the last part of the file was kept from it: it foretold "
        "{expected} purchases, and {actual} came. To test the forecast itself, end the analysis some "
        "months ago with --until, and name the last day of your file with --validate-until."
    ).format(expected=number_text(trial["expected"]), actual=number_text(trial["actual"]))


def _tracking_picture(result: ScoreResult) -> Picture | None:
    if len(result.tracking) < FEWEST_POINTS:
        return None
    step = max(1, -(-len(result.tracking) // POINTS_DRAWN))
    points = result.tracking[::-1][::step][::-1]
    last = points[-1]
    return picture(
        lambda canvas: _lines(points, canvas),
        identifier="tracking",
        title=gettext("Purchases of people who came back, added up"),
        description=gettext("By {date}: {actual} happened, {expected} were expected.").format(
            date=date_text(last.week_ending),
            actual=number_text(last.actual),
            expected=number_text(last.expected),
        ),
        caption=gettext(
            "Purchases of people who came back, added up: what happened (line) and what was "
            "expected (dashes)."
        )
        + (
            " " + gettext("Right of the upright line are days the forecast had not seen.")
            if any(p.in_holdout for p in points)
            else ""
        ),
    )


def _lines(points: tuple[TrackingPoint, ...], canvas: Canvas) -> Specification:
    days = [epoch_day(point.week_ending) for point in points]
    highest = max(max(point.actual, point.expected) for point in points)
    scale = ticks(highest)
    x = {
        "field": "day",
        "type": "quantitative",
        "scale": {"domain": [days[0], days[-1]], "nice": False, "zero": False},
        "axis": axis(None, _month_labels(points, 3 if canvas.narrow else 6), grid=False),
    }
    y = {
        "field": "purchases",
        "type": "quantitative",
        "scale": {"domain": [0, scale[-1]]},
        "axis": axis(None, [(at, compact_text(at)) for at in scale]),
    }
    layers: list[Specification] = [
        _line(days, [float(p.actual) for p in points], color="var(--pine)", strokeWidth=3),
        _line(
            days,
            [round(p.expected, 1) for p in points],
            color="var(--ink)",
            strokeWidth=2,
            strokeDash=[3, 4],
        ),
    ]
    start = next((day for day, point in zip(days, points, strict=True) if point.in_holdout), None)
    if start is not None:
        layers.append(
            {
                "data": {"values": [{"day": start}]},
                "mark": {"type": "rule", "color": "var(--line-strong)", "strokeWidth": 1.5},
                "encoding": {"x": x},
            }
        )
    return {
        "height": 250,
        "layer": [
            {**layer, "encoding": {"x": x, "y": y}} if "encoding" not in layer else layer
            for layer in layers
        ],
    }


def _line(days: list[int], purchases: list[float], **look: object) -> Specification:
    values = [{"day": d, "purchases": p} for d, p in zip(days, purchases, strict=True)]
    return {"data": {"values": values}, "mark": {"type": "line", **look}}


def _month_labels(points: tuple[TrackingPoint, ...], count: int) -> list[tuple[float, str]]:
    """The first of some months, evenly spread."""
    first, last = points[0].week_ending, points[-1].week_ending
    months = [
        date(year, month, 1)
        for year in range(first.year, last.year + 1)
        for month in range(1, 13)
        if first <= date(year, month, 1) <= last
    ]
    step = max(1, -(-len(months) // count))
    return [(float(epoch_day(day)), month_text(day)) for day in months[step // 2 :: step]]


def _conditional_picture(result: ScoreResult) -> Picture | None:
    if len(result.conditional) < FEWEST_POINTS:
        return None
    return picture(
        lambda _: _bars(result),
        identifier="conditional",
        title=gettext("Purchases each, by how often people had come before"),
        description=" ".join(
            gettext("{before}: {actual} happened, {expected} were expected.").format(
                before=_came(point.x, or_more=point.or_more),
                actual=number_text(point.actual, digits=1),
                expected=number_text(point.expected, digits=1),
            )
            for point in result.conditional
        ),
        caption=gettext(
            "People grouped by how often they had come back before. Bars: what they then bought on "
            "average. Points: what was expected."
        ),
    )


def _came(x: int, *, or_more: bool) -> str:
    if or_more:
        return gettext("{count} times or more").format(count=number_text(x))
    return ngettext("{count} time", "{count} times", x).format(count=number_text(x))


def _bars(result: ScoreResult) -> Specification:
    points = result.conditional
    scale = ticks(max(max(point.actual, point.expected) for point in points))
    labels = [
        (
            float(i),
            (gettext("{count}+") if point.or_more else "{count}").format(
                count=number_text(point.x)
            ),
        )
        for i, point in enumerate(points)
    ]
    x = {
        "field": "place",
        "type": "ordinal",
        "axis": axis(gettext("times come back before"), labels, grid=False, labelAngle=0),
        "scale": {"paddingInner": 0.35},
    }
    y = {
        "type": "quantitative",
        "scale": {"domain": [0, scale[-1]]},
        "axis": axis(None, [(at, number_text(at, digits=_digits(scale))) for at in scale]),
    }
    values = [
        {"place": i, "actual": round(point.actual, 3), "expected": round(point.expected, 3)}
        for i, point in enumerate(points)
    ]
    return {
        "height": 230,
        "data": {"values": values},
        "layer": [
            {
                "mark": {
                    "type": "bar",
                    "color": "var(--pine)",
                    "opacity": 0.55,
                },
                "encoding": {"x": x, "y": {**y, "field": "actual"}},
            },
            {
                "mark": {
                    "type": "point",
                    "filled": True,
                    "size": 70,
                    "color": "var(--ink)",
                    "opacity": 1,
                },
                "encoding": {"x": x, "y": {**y, "field": "expected"}},
            },
        ],
    }


def _digits(scale: list[float]) -> int:
    return 0 if all(float(at).is_integer() for at in scale) else 1


def _numbers(result: ScoreResult) -> Table | None:
    if not result.conditional:
        return None
    return Table(
        caption=gettext("Average purchases in the days the forecast had not seen"),
        columns=(
            gettext("Had come back"),
            gettext("Customers"),
            gettext("Happened, each"),
            gettext("Expected, each"),
        ),
        rows=tuple(
            (
                _came(point.x, or_more=point.or_more),
                number_text(point.customers),
                number_text(point.actual, digits=2),
                number_text(point.expected, digits=2),
            )
            for point in result.conditional
        ),
    )
