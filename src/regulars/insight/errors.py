"""What can be wrong with the files and settings of an analysis, each in one sentence."""

from collections.abc import Sequence
from pathlib import Path

from regulars.kernel.errors import RegularsError
from regulars.kernel.language import mark


class UnknownEngine(RegularsError):
    """The engine is not one of ours."""

    code = "unknown_engine"
    sentence = mark(
        "There is no engine “{engine}”; use duckdb, spark or the address of a Spark master."
    )


class EngineAbsent(RegularsError):
    """An optional engine is not installed."""

    code = "engine_absent"
    sentence = mark("Spark cannot run here because {missing} is not installed.")


class NoSuchFile(RegularsError):
    """A path leads nowhere."""

    code = "no_such_file"
    sentence = mark("There is no file {path}.")


class NoTables(RegularsError):
    """A folder holds nothing that can be read."""

    code = "no_tables"
    sentence = mark("The folder {path} holds no CSV or Parquet file.")


class UnreadableFile(RegularsError):
    """The operating system does not let us read a file, or its content is damaged."""

    code = "unreadable_file"
    sentence = mark("The file {path} cannot be read: {why}")


class EmptyFile(RegularsError):
    """A file without a single character."""

    code = "empty_file"
    sentence = mark("The file {path} is empty.")


class HeaderOnly(RegularsError):
    """A file that names its columns and holds no row.

    Args:
        path: Of the file.
        names: Of its columns.
        others: Further files, where none of several holds a row.
    """

    code = "header_only"
    sentence = mark("The file {path} has a header and no rows.")

    def __init__(
        self, *, path: Path | str, names: Sequence[str], others: "Sequence[HeaderOnly]" = ()
    ) -> None:
        super().__init__(path=path)
        self.path, self.names, self.others = Path(path), tuple(names), tuple(others)


class BinaryFile(RegularsError):
    """A file that is no text, although its name says so."""

    code = "binary_file"
    sentence = mark("The file {path} is not a text file; save it as CSV or Parquet.")


class SpreadsheetFile(RegularsError):
    """A spreadsheet or an archive."""

    code = "spreadsheet_file"
    sentence = mark("The file {path} is a spreadsheet or an archive; save its table as CSV.")


class NotParquet(RegularsError):
    """A file that is called Parquet and is not."""

    code = "not_parquet"
    sentence = mark("The file {path} is not a Parquet file, although its name says so.")


class UnknownEncoding(RegularsError):
    """The text cannot be decoded in the encoding that was asked for."""

    code = "unknown_encoding"
    sentence = mark("The file {path} cannot be read as {encoding}; name another with --encoding.")


class RaggedFile(RegularsError):
    """A row has another number of columns than the header, or a stray quotation mark."""

    code = "ragged_file"
    sentence = mark(
        "Line {line} of {path} does not fit the header ({why}); put texts that hold a separator in "
        "quotation marks, or leave such lines out with --skip-ragged."
    )


class MissingColumn(RegularsError):
    """A column that is needed was neither named nor recognised."""

    code = "missing_column"
    sentence = mark(
        "{path} has no column that is known to be {missing}; it has {columns}. "
        "Name it: {option} {example}"
    )


class AmbiguousColumn(RegularsError):
    """Several columns could be meant."""

    code = "ambiguous_column"
    sentence = mark(
        "In {path} more than one column could be {column}: {candidates}. "
        "Choose one: {option} {example}"
    )


class UnknownColumn(RegularsError):
    """``--map`` names a column that the file does not have."""

    code = "unknown_column"
    sentence = mark("{path} has no column “{column}”; it has {columns}.")


class UnusableColumn(RegularsError):
    """A Parquet column whose cells hold several values each."""

    code = "unusable_column"
    sentence = mark(
        "In {path} every cell of “{column}” holds a list or a structure; one value is needed."
    )


class UnknownMapping(RegularsError):
    """``--map`` or ``--map-referrals`` names something that nobody asks for."""

    code = "unknown_mapping"
    sentence = mark("“{column}” cannot be mapped by {option}; what can be mapped is {columns}.")


class BadCondition(RegularsError):
    """``--where`` is not a condition over the file's columns."""

    code = "bad_condition"
    sentence = mark("The condition --where “{condition}” cannot be used: {why}")


class NothingSelected(RegularsError):
    """``--where`` leaves no row."""

    code = "nothing_selected"
    sentence = mark("No row fulfils the condition --where “{condition}”.")


class UnknownTimezone(RegularsError):
    """A time zone that nobody keeps."""

    code = "unknown_timezone"
    sentence = mark("There is no time zone “{timezone}”; write it like Europe/Berlin.")


class MixedCurrencies(RegularsError):
    """Amounts of several currencies and no rates to bring them together."""

    code = "mixed_currencies"
    sentence = mark(
        "The amounts are in several currencies ({currencies}) and cannot be added up; give their rates "
        "with --currency-rates, or select one with --where."
    )


class NoRates(RegularsError):
    """Amounts are asked for in another currency, and nothing says what it is worth."""

    code = "no_rates"
    sentence = mark(
        "The amounts are in {currency}; to have them in {target}, give rates with --currency-rates."
    )


class UnknownCurrency(RegularsError):
    """``--currency`` names no currency."""

    code = "unknown_currency"
    sentence = mark("There is no currency “{currency}”; write its code, such as EUR.")


class BadRates(RegularsError):
    """The file of currency rates cannot be used."""

    code = "bad_rates"
    sentence = mark("The currency rates in {path} cannot be used: {why}")


class NoUsableRow(RegularsError):
    """Every row was set aside."""

    code = "no_usable_row"
    sentence = mark("No row can be used ({rows} read): {reasons}.")


class AllDatesBad(RegularsError):
    """No row has a date that can be read."""

    code = "all_dates_bad"
    sentence = mark(
        "No date in the column “{column}” can be read (the first is “{example}”); "
        "dates look like 2024-01-31 or 31.01.2024."
    )


class AllAfterUntil(RegularsError):
    """Everything lies after the last day that counts."""

    code = "all_after_until"
    sentence = mark("Every purchase is later than {until}; the first is on {first}.")


class NoPurchase(RegularsError):
    """There are refunds and no purchase."""

    code = "no_purchase"
    sentence = mark("There is no purchase on or before {until}, only refunds.")


class WouldOverwrite(RegularsError):
    """A result would take the place of a file that is read."""

    code = "would_overwrite"
    sentence = mark("{path} is one of the files that are read; write somewhere else.")


class NotFromARun(RegularsError):
    """A result would take the place of a file that no run wrote."""

    code = "not_from_a_run"
    sentence = mark(
        "{path} is there already and no earlier run wrote it; write somewhere else, or move it away."
    )


class SamePlace(RegularsError):
    """The report is to go where another result of the same run goes."""

    code = "same_place"
    sentence = mark("{path} is where another result of this run goes; write the report elsewhere.")


class ShareContradicted(RegularsError):
    """So few referrals are said to be recorded that more friends came than there are customers."""

    code = "share_contradicted"
    sentence = mark(
        "If only {share} of all referrals were recorded, {friends} customers came through others, and "
        "there are {customers} in all. Give --recorded-share at least {least}."
    )


class CannotWrite(RegularsError):
    """A file or folder can't be written."""

    code = "cannot_write"
    sentence = mark(
        "{path} cannot be written; choose another place or ask for the right to write there."
    )


class NotAnEarlierRun(RegularsError):
    """A folder does not hold the scores and the summary of one run."""

    code = "not_an_earlier_run"
    sentence = mark(
        "{path} does not hold an earlier run; name the folder that was given as --out, "
        "with summary.json and scores.parquet as they were written."
    )


class RunsDiffer(RegularsError):
    """Two runs whose figures can't be held side by side."""

    code = "runs_differ"
    sentence = mark("This run cannot be compared with the earlier one: {why}")


class HoldoutNotAfter(RegularsError):
    """The end of the holdout is not after the end of observation."""

    code = "holdout_not_after"
    sentence = mark(
        "--validate-until ({validate_until}) must be later than the last day that counts ({until}); "
        "--until says which that is."
    )
