"""What was left out, and everything that was assumed."""

from dataclasses import dataclass
from datetime import date

from regulars.insight.report.section import Section, Table
from regulars.insight.report.wording import money, weeks_text
from regulars.insight.result import ScoreResult
from regulars.insight.settings import MODEL_NAMES
from regulars.kernel.language import gettext, mark
from regulars.kernel.words import date_text, number_text, percent_text

REASONS = {
    "no_customer": mark("no customer is named"),
    "bad_date": mark("the date cannot be read"),
    "bad_amount": mark("the amount cannot be read"),
    "bad_currency": mark("the currency is not known"),
    "no_rate": mark("no exchange rate is known for that day"),
    "cancelled": mark("the shop says that the order was cancelled, failed or never paid"),
    "currency_precision": mark(
        "more decimals than the currency has, so that the amount is rounded"
    ),
    "bad_refund_sum": mark("the sum given back cannot be read, so that nothing was taken off"),
    "bad_margin": mark(
        "the margin cannot be read, or is above its amount, so that it is not known of this purchase"
    ),
    "after_until": mark("later than the last day that counts"),
    "repeated_line": mark("the same order line twice"),
    "repeated_row": mark("equal rows without an order number, counted as separate purchases"),
    "ragged": mark("the row has more or fewer cells than the file has columns"),
    "further_line": mark("a further line of an order whose total counts once"),
    "no_sender": mark("nobody is named as the one who sent"),
    "no_friend": mark("nobody is named as the one who was sent"),
    "self_referral": mark("somebody named themselves as the one who sent them"),
    "friend_came_first": mark("the friend had been a customer before"),
    "already_referred": mark("somebody else had already brought this friend"),
    "cycle": mark("two people are said to have brought each other, directly or through others"),
    "unmatched_refund": mark("a refund of something bought before the file begins"),
}
PARAMETER_DIGITS = 4
# By what spenders are told: what is expected of them, or below the rung of models what they brought.
CUTS_IN_WORDS = {
    "clv": mark(
        "Somebody counts as a spender from {spend} expected, and as a sender from "
        "{sending} brought (rule {version}). In the files the groups are called champion, affluent, "
        "advocate and other."
    ),
    "margin_to_date": mark(
        "Somebody counts as a spender from {spend} of their own so far, and as a sender from "
        "{sending} brought (rule {version}). In the files the groups are called champion, affluent, "
        "advocate and other."
    ),
}


@dataclass(frozen=True, kw_only=True)
class LeftOut(Section):
    """Rows that were set aside, by reason."""

    rejected: Table | None = None
    kept: Table | None = None
    referrals: Table | None = None


@dataclass(frozen=True, kw_only=True)
class Assumption:
    """One setting in words."""

    name: str
    value: str


@dataclass(frozen=True, kw_only=True)
class Assumptions(Section):
    """All settings; how the models were chosen, and their parameters, in a fold."""

    settings: tuple[Assumption, ...]
    fold: str
    model_notes: tuple[str, ...]
    models: tuple[Table, ...]
    method: tuple[str, ...]
    notes_heading: str
    notes: tuple[str, ...]


def build_left_out(result: ScoreResult) -> LeftOut:
    """Every row that was set aside or kept with a doubt."""
    summary = result.summary
    rejected = summary["rejected"]
    kept = summary["kept"] | {
        "unmatched_refund": summary["refunds_matched"].get("before_file", 0),
    }
    referrals = summary["referrals"]
    claims = referrals["rejected"] | referrals["set_aside"] if referrals else {}
    total = sum(rejected.values())
    told = (
        gettext("{read} rows were read, and {total} of them set aside.")
        if total
        else gettext("{read} rows were read, and none of them set aside.")
    )
    read = told.format(read=number_text(summary["rows"]["read"]), total=number_text(total))
    return LeftOut(
        anchor="left-out",
        heading=gettext("What was left out"),
        intro=(read,)
        if total or any(claims.values())
        else (gettext("Nothing was left out: every row counts."),),
        rejected=_reasons(gettext("Set aside"), rejected),
        kept=_reasons(gettext("Kept, and worth knowing"), kept),
        referrals=_reasons(gettext("Referrals set aside"), claims),
    )


def _reasons(caption: str, counts: dict[str, int]) -> Table | None:
    counted = [(reason, count) for reason, count in counts.items() if count]
    if not counted:
        return None
    ordered = sorted(counted, key=lambda item: (-item[1], item[0]))
    return Table(
        caption=caption,
        columns=(gettext("Reason"), gettext("Rows")),
        rows=tuple((reason_text(reason), number_text(count)) for reason, count in ordered),
    )


def reason_text(reason: str) -> str:
    """Why a row was set aside, in words."""
    return gettext(REASONS[reason])


def build_assumptions(result: ScoreResult) -> Assumptions:
    """Everything that was assumed."""
    return Assumptions(
        anchor="assumptions",
        heading=gettext("What was assumed"),
        intro=(
            gettext("Other assumptions give other figures. Each can be set when you run it again."),
        ),
        settings=tuple(Assumption(name=n, value=v) for n, v in _settings(result)),
        fold=gettext("For those who want to check the calculation"),
        model_notes=result.model_notes,
        models=tuple(_models(result)),
        method=_method(result),
        notes_heading=gettext("How your files were read"),
        notes=result.notes,
    )


def _settings(result: ScoreResult) -> list[tuple[str, str]]:
    settings = result.settings
    found = [
        (gettext("Last day that counts"), date_text(settings.until)),
        (gettext("How far ahead"), weeks_text(settings.horizon_weeks)),
        (
            gettext("Left of each unit of revenue"),
            _margin(result),
        ),
        (
            gettext("A year's wait makes money worth less by"),
            percent_text(
                settings.discount_yearly, digits=0 if settings.discount_yearly * 100 % 1 == 0 else 1
            ),
        ),
    ]
    found.append((gettext("Tested until"), _tested(result)))
    if "friends" in result.scores.column_names:
        found += _referral_settings(result)
    found.append((gettext("Ranges hold with a certainty of"), percent_text(settings.coverage)))
    if settings.allow_regular:
        found.append(
            (
                gettext("Regular like a subscription"),
                gettext("allowed, although forecasts then err"),
            )
        )
    return found


def _tested(result: ScoreResult) -> str:
    """Until when the forecast was held against what happened, or why it was not."""
    holdout = result.summary["holdout"]
    if holdout:
        return date_text(date.fromisoformat(holdout["until"]))
    if result.summary["ladder"] != "models":
        return gettext("not tested: there is no forecast yet")
    if result.settings.validate_until is None:
        return gettext("not tested: no --validate-until was given")
    return gettext("not tested: the file ends before the days to test on")


def _margin(result: ScoreResult) -> str:
    if result.settings.margin_from_file:
        return gettext("what your file says, customer by customer")
    if result.settings.margin == 1:
        return gettext("all of it, so the figures are revenue")
    return percent_text(result.settings.margin)


def _referral_settings(result: ScoreResult) -> list[tuple[str, str]]:
    settings = result.settings
    return [
        (
            gettext("What winning a customer costs elsewhere"),
            money(result, settings.acquisition_cost),
        ),
        (gettext("Friends who would have come anyway"), percent_text(settings.come_anyway)),
        (gettext("Credit passed on from friend to sender"), percent_text(settings.decay)),
        (
            gettext("Friends' purchases count this long after the referral"),
            weeks_text(settings.window_weeks),
        ),
        (gettext("Introductions that get noted"), percent_text(settings.recorded_share)),
    ]


def _method(result: ScoreResult) -> tuple[str, ...]:
    sentences = [
        gettext(
            "Several purchases on one day count as one. Refunds reduce what a customer has brought "
            "and never count as purchases."
        )
    ]
    cuts = result.summary["value"]["cuts"]
    if cuts and cuts["clv"] is not None and cuts["sender_value"] is not None:
        told = CUTS_IN_WORDS[cuts["basis"]]
        sentences.append(
            gettext(told).format(
                spend=money(result, cuts["clv"]),
                sending=money(result, cuts["sender_value"]),
                version=cuts["version"],
            )
        )
    return tuple(sentences)


def _models(result: ScoreResult) -> list[Table]:
    found = []
    for key, caption in (
        ("purchase_model", mark("How often people buy: {name}")),
        ("spend_model", mark("How much they spend: {name}")),
    ):
        model = result.summary[key]
        if not model:
            continue
        errors = model["standard_errors"]
        rows = [
            (name, _number(value), _number(errors.get(name)))
            for name, value in model["params"].items()
        ]
        rows.append((gettext("log-likelihood"), number_text(model["log_likelihood"], digits=3), ""))
        found.append(
            Table(
                caption=gettext(caption).format(name=MODEL_NAMES[model["name"]]),
                columns=(gettext("Parameter"), gettext("Estimate"), gettext("Standard error")),
                rows=tuple(rows),
            )
        )
    return found


def _number(value: float | None) -> str:
    return "" if value is None else number_text(value, digits=PARAMETER_DIGITS)
