"""What became of a file, in words."""

from collections.abc import Mapping
from pathlib import Path

from regulars.insight.reading.rejects import REASONS_IN_WORDS
from regulars.intake.files.customer_rows import REASONS
from regulars.intake.files.result import IN_ERROR_FILE, Imported
from regulars.kernel.language import gettext, mark, ngettext
from regulars.kernel.words import list_text, number_text

WORDS = {
    **REASONS_IN_WORDS,
    **REASONS,
    "bad_event": mark("{rows} that are no event any more: something was written into them"),
    "taken_back": mark("{rows} of who brought whom that were taken back"),
    "self_referral": mark("{rows} where somebody would have brought themselves"),
    "bad_order_id": mark(
        "{rows} whose order number is longer than 200 characters, or has characters that nobody sees"
    ),
    "receipt_conflict": mark(
        "{rows} of orders that were told with another amount before: tell the difference as a refund or a "
        "purchase with a number of its own"
    ),
}


KEPT = ("bad_email", *IN_ERROR_FILE)  # worth a word where rows are taken all the same


def sentences(told: Imported, *, errors: Path | None) -> tuple[str, ...]:
    """What is said at the terminal.

    Args:
        told: What became of the files.
        errors: Where the rows are that could not be used, or None.
    """
    begins = ngettext("Of {rows} row:", "Of {rows} rows:", told.rows)
    if told.is_dry:
        begins = ngettext(
            "Nothing was written. Of {rows} row there would be:",
            "Nothing was written. Of {rows} rows there would be:",
            told.rows,
        )
    said = [
        begins.format(rows=number_text(told.rows)),
        *(f"  {line}" for line in counted(told)),
        *told.notes,
    ]
    if told.rejected:
        said.append(gettext("Set aside: {reasons}.").format(reasons=list_text(reasons(told))))
    if told.has_errors:
        if errors is None:
            said.append(gettext("--errors FILE writes them to a file."))
        else:
            said.append(gettext("{file} has these rows.").format(file=errors))
    return tuple(said)


def reasons(told: Imported) -> list[str]:
    """Why rows were set aside, with how many."""
    return _in_words(told.rejected)


def _in_words(counts: Mapping[str, int]) -> list[str]:
    return [
        gettext(WORDS[reason]).format(rows=number_text(rows)) for reason, rows in counts.items()
    ]


def counted(told: Imported) -> list[str]:
    """What there is now that was not there before."""
    lines = [
        said.format(count=number_text(count))
        for said, count in (*_customers(told), *_recognised(told), *_happened(told))
        if count
    ]
    odd = _in_words({reason: told.kept[reason] for reason in KEPT if told.kept.get(reason)})
    if odd:
        lines.append(gettext("taken all the same: {reasons}").format(reasons=list_text(odd)))
    return lines or [gettext("nothing new")]


def _customers(told: Imported) -> list[tuple[str, int]]:
    """Who is new, and who is not."""
    return [
        (ngettext("{count} new customer", "{count} new customers", told.customers), told.customers),
        (
            ngettext(
                "{count} customer known already", "{count} customers known already", told.known
            ),
            told.known,
        ),
        (
            ngettext(
                "{count} row of somebody who is in the file already",
                "{count} rows of somebody who is in the file already",
                told.again,
            ),
            told.again,
        ),
        (
            ngettext(
                "{count} new customer only because somebody came through them: is the name spelt right?",
                "{count} new customers only because somebody came through them: are the names spelt right?",
                told.senders,
            ),
            told.senders,
        ),
    ]


def _recognised(told: Imported) -> list[tuple[str, int]]:
    """Who was known, by what, the surest first; and of whom it is doubtful."""
    by_number, by_mail, by_phone, by_name = (
        told.recognised.get(kind, 0) for kind in ("external", "email", "phone", "name")
    )
    return [
        (
            ngettext(
                "{count} customer recognised by number",
                "{count} customers recognised by number",
                by_number,
            ),
            by_number,
        ),
        (
            ngettext(
                "{count} customer recognised by e-mail address",
                "{count} customers recognised by e-mail address",
                by_mail,
            ),
            by_mail,
        ),
        (
            ngettext(
                "{count} customer recognised by phone",
                "{count} customers recognised by phone",
                by_phone,
            ),
            by_phone,
        ),
        (
            ngettext(
                "{count} customer recognised by name alone",
                "{count} customers recognised by name alone",
                by_name,
            ),
            by_name,
        ),
        (
            ngettext(
                "{count} customer with a phone or address of somebody else: see “Known twice?”",
                "{count} customers with a phone or address of somebody else: see “Known twice?”",
                told.doubtful,
            ),
            told.doubtful,
        ),
    ]


def _happened(told: Imported) -> list[tuple[str, int]]:
    """What was recorded, and what of it is known to be whose."""
    purchases, refunds, referrals = (
        told.recorded.get(kind, 0)
        for kind in ("purchase.completed", "purchase.refunded", "referral.recorded")
    )
    return [
        (ngettext("{count} purchase recorded", "{count} purchases recorded", purchases), purchases),
        (ngettext("{count} refund recorded", "{count} refunds recorded", refunds), refunds),
        (ngettext("{count} referral recorded", "{count} referrals recorded", referrals), referrals),
        (
            ngettext(
                "{count} that was told before", "{count} that were told before", told.duplicates
            ),
            told.duplicates,
        ),
        (
            ngettext(
                "{count} that was nobody’s is somebody’s now",
                "{count} that were nobody’s are somebody’s now",
                told.claimed,
            ),
            told.claimed,
        ),
        (
            ngettext(
                "{count} recorded without a customer, as nothing tells who it was",
                "{count} recorded without customers, as nothing tells who they were",
                told.of_nobody,
            ),
            told.of_nobody,
        ),
        (
            ngettext(
                "{count} refund that waits for its order: whose it is, the order will tell",
                "{count} refunds that wait for their orders: whose they are, the orders will tell",
                told.awaiting,
            ),
            told.awaiting,
        ),
    ]
