"""What became of a file, in words."""

from pathlib import Path

from regulars.insight.reading.rejects import REASONS_IN_WORDS
from regulars.intake.files.customers import REASONS
from regulars.intake.files.result import Imported
from regulars.kernel.language import gettext, mark, ngettext
from regulars.kernel.words import list_text, number_text

WORDS = {
    **REASONS_IN_WORDS,
    **REASONS,
    "self_referral": mark("{rows} where somebody would have brought themselves"),
}


def sentences(told: Imported, *, errors: Path | None) -> tuple[str, ...]:
    """What is said at the terminal.

    Args:
        told: What became of the files.
        errors: Where the rows are that could not be used, or None.
    """
    said = [
        gettext("Of {rows} rows:").format(rows=number_text(told.rows))
        if not told.is_dry
        else gettext("Nothing was written. Of {rows} rows there would be:").format(
            rows=number_text(told.rows)
        ),
        *(f"  {line}" for line in _counts(told)),
        *told.notes,
    ]
    if told.rejected:
        reasons = [
            gettext(WORDS[reason]).format(rows=number_text(rows))
            for reason, rows in told.rejected.items()
        ]
        said.append(gettext("Set aside: {reasons}.").format(reasons=list_text(reasons)))
        if errors is None:
            said.append(gettext("--errors FILE writes them to a file."))
        else:
            said.append(gettext("{file} has these rows.").format(file=errors))
    return tuple(said)


def _counts(told: Imported) -> list[str]:
    """What there is now that was not there before."""

    def counted(singular: str, plural: str, count: int) -> str:
        return ngettext(singular, plural, count).format(count=number_text(count))

    recorded = told.recorded
    lines = [
        counted("{count} new customer", "{count} new customers", told.customers),
        counted("{count} customer known already", "{count} customers known already", told.known),
        counted(
            "{count} purchase recorded",
            "{count} purchases recorded",
            recorded.get("purchase.completed", 0),
        ),
        counted(
            "{count} refund recorded",
            "{count} refunds recorded",
            recorded.get("purchase.refunded", 0),
        ),
        counted(
            "{count} referral recorded",
            "{count} referrals recorded",
            recorded.get("referral.recorded", 0),
        ),
        counted("{count} told before", "{count} told before", told.duplicates),
        counted(
            "{count} of somebody whom the file’s id tells from nobody",
            "{count} of people whom the file’s ids tell from nobody",
            told.of_nobody,
        ),
    ]
    numbers = (
        *(told.customers, told.known),
        *(recorded.get(f"purchase.{what}", 0) for what in ("completed", "refunded")),
        *(recorded.get("referral.recorded", 0), told.duplicates, told.of_nobody),
    )
    return [line for line, number in zip(lines, numbers, strict=True) if number] or [
        gettext("nothing new")
    ]
