"""Which of a file's columns is which of ours.

What the person maps is settled first; then our own names; then the export formats of shops, told by
columns that only they have; then common plain names in four languages. Two columns that could both
be meant are asked about, never chosen between.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from regulars.insight.errors import AmbiguousColumn, MissingColumn, UnknownColumn, UnknownMapping
from regulars.insight.reading.meant import (
    candidates,
    contacts_of,
    key_of,
    meant_column,
    present,
    tells_apart,
)
from regulars.insight.reading.plain_names import (
    CALLED,
)
from regulars.insight.reading.shop_exports import EXPORTS, Export
from regulars.kernel.language import gettext
from regulars.kernel.words import list_text

PURCHASE_COLUMNS = (
    "customer_id",
    "occurred_at",
    "amount",
    "quantity",
    "unit_price",
    "customer_name",
    "order_id",
    "currency",
    "refund_of",
    "margin",
    "refunded_amount",
)
REFERRAL_COLUMNS = ("sender_id", "friend_id", "occurred_at")


@dataclass(frozen=True, kw_only=True)
class Mapped:
    """The columns of a file that were recognised.

    Attributes:
        columns: Ours to theirs.
        export: The export format, where the file is one.
        guessed: Those of ``columns`` that the person did not name and that are not our own names.
        cancelled: The file's columns that tell of cancelled orders, with their patterns.
        refunded: Those that tell of wholly refunded ones.
        contacts: The file's columns of addresses (``email``) and numbers (``phone``) by which an export
            tells who a customer without an id is, the surest first.
        of_orders: Whether a line's cells are those of its order but for some about an article.
        order_totals: Whether the amount is one of the order's.
        rather: Of ``columns`` that several could be, those that could have been besides.
    """

    columns: Mapping[str, str]
    export: Export | None = None
    guessed: tuple[str, ...] = ()
    cancelled: Mapping[str, str] = field(default_factory=dict)
    refunded: Mapping[str, str] = field(default_factory=dict)
    contacts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    of_orders: bool = False
    order_totals: bool = False
    rather: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def notes(self) -> list[str]:
        """What was guessed, in words."""
        said = []
        if self.export is not None:
            said.append(
                gettext("The file is read as an export of {system}.").format(
                    system=self.export.name
                )
            )
        said += [read_from(column, self.columns[column]) for column in self.guessed]
        said += [
            gettext(
                "“{theirs}” tells apart better than {others}; map another if it is not meant."
            ).format(
                theirs=self.columns[column], others=list_text([f"“{other}”" for other in others])
            )
            for column, others in self.rather.items()
            if column in self.columns
        ]
        return said


def read_from(column: str, theirs: str) -> str:
    """That one of our columns is read from one of a file's, in words."""
    return gettext("{column} is read from “{theirs}”.").format(column=column, theirs=theirs)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a kind of file can hold.

    Attributes:
        columns: Ours.
        exports: Formats that it can come in.
        option: How a person maps a column on the command line.
    """

    columns: tuple[str, ...]
    exports: tuple[Export, ...] = ()
    option: str


PURCHASES = Wanted(columns=PURCHASE_COLUMNS, exports=EXPORTS, option="--map")
REFERRALS = Wanted(columns=REFERRAL_COLUMNS, option="--map-referrals")


def map_purchases(
    files: Sequence[tuple[Path, Sequence[str]]], asked: Mapping[str, str]
) -> list[Mapped]:
    """The columns of files of purchases.

    Args:
        files: Each file, for the messages, with its columns.
        asked: Ours to theirs, as the person maps them; a file without a column that another has
            is mapped as if nobody had asked.

    Returns:
        One for each file.

    Raises:
        MissingColumn: A needed column is neither mapped nor recognised.
        AmbiguousColumn: Two columns could be the same one of ours.
        UnknownColumn: The person maps a column that no file has.
        UnknownMapping: The person maps to something that is not ours.
    """
    refuse_unknown(files, asked, PURCHASES)
    return [with_amount(file, names, asked) for file, names in files]


def map_refunds(
    files: Sequence[tuple[Path, Sequence[str]]], asked: Mapping[str, str]
) -> list[Mapped]:
    """The columns of files of refunds alone, where an order's number tells who it was; see `map_purchases`."""
    refuse_unknown(files, asked, PURCHASES)
    return [with_amount(file, names, asked, by_order=True) for file, names in files]


def with_amount(
    file: Path, names: Sequence[str], asked: Mapping[str, str], *, by_order: bool = False
) -> Mapped:
    """The columns of one file of purchases, one of which tells what was paid.

    Args:
        file: For the messages.
        names: Its columns.
        asked: Ours to theirs, as the person maps them.
        by_order: Whether an order's number will do instead of a customer.
    """
    mapped = map_columns(file, names, asked, wanted=PURCHASES)
    columns = dict(mapped.columns)
    has_order = by_order and ("order_id" in columns or "refund_of" in columns)
    needed = ("occurred_at",) if has_order else ("customer_id", "occurred_at")
    require(file, names, columns, wanted=PURCHASES, needed=needed)
    if "amount" not in columns:
        if "unit_price" not in columns:
            require(file, names, columns, wanted=PURCHASES, needed=("amount",))
        if "quantity" not in columns:
            # A price and no quantity: every line is one of what it names.
            columns["amount"] = columns.pop("unit_price")
    else:
        columns.pop("unit_price", None)
    guessed = tuple(
        column for column in columns if column in mapped.guessed or column not in mapped.columns
    )
    return replace(mapped, columns=columns, guessed=guessed)


def map_referrals(
    files: Sequence[tuple[Path, Sequence[str]]], asked: Mapping[str, str]
) -> list[Mapped]:
    """The columns of files of referrals; see `map_purchases`."""
    refuse_unknown(files, asked, REFERRALS)
    found = [map_columns(file, names, asked, wanted=REFERRALS) for file, names in files]
    for (file, names), mapped in zip(files, found, strict=True):
        require(file, names, mapped.columns, wanted=REFERRALS, needed=REFERRAL_COLUMNS)
    return found


def refuse_unknown(
    files: Sequence[tuple[Path, Sequence[str]]], asked: Mapping[str, str], wanted: Wanted
) -> None:
    """Refuses a mapping that can be meant for no file.

    Raises:
        UnknownColumn: The person maps a column that no file has.
        UnknownMapping: The person maps to something that is not ours.
    """
    for column, theirs in asked.items():
        if column not in wanted.columns:
            raise UnknownMapping(
                option=wanted.option, column=column, columns=in_words(wanted.columns)
            )
        if not any(meant_column(names, theirs) for _, names in files):
            file, names = files[0]
            raise UnknownColumn(path=file, column=theirs, columns=in_words(names))


def map_columns(
    file: Path, names: Sequence[str], asked: Mapping[str, str], *, wanted: Wanted
) -> Mapped:
    """Asked, then our own names, then an export's, then plain names."""
    meant = {column: meant_column(names, theirs) for column, theirs in asked.items()}
    columns = {column: theirs for column, theirs in meant.items() if theirs is not None}
    by_key: dict[str, list[str]] = {}
    for name in names:
        by_key.setdefault(key_of(name), []).append(name)
    export = next(
        (e for e in wanted.exports if all(key_of(sign) in by_key for sign in e.signs)), None
    )
    guessed = []
    rather: dict[str, tuple[str, ...]] = {}
    for column in wanted.columns:
        if column == "amount" and {"unit_price", "quantity"} <= asked.keys():
            continue
        if column in columns:
            continue
        free = {
            key: [n for n in found if n not in columns.values()] for key, found in by_key.items()
        }
        own = column in free.get(key_of(column), [])
        theirs = [column] if own else candidates(column, free, export)
        if len(theirs) > 1 and (surest := tells_apart(column, theirs)):
            rather[column] = tuple(name for name in theirs if name != surest)
            theirs = [surest]
        if column == "customer_name" and not theirs:
            theirs = [name for name in rather.get("customer_id", ()) if key_of(name) in CALLED][:1]
        if len(theirs) > 1:
            raise AmbiguousColumn(
                path=file,
                column=column,
                candidates=in_words(theirs),
                option=wanted.option,
                example=mapping(column, theirs[0]),
            )
        if theirs:
            columns[column] = theirs[0]
            if not own:
                guessed.append(column)
    articles = export.articles if export else ()
    return Mapped(
        columns=columns,
        export=export,
        guessed=tuple(guessed),
        cancelled=present(export.cancelled, by_key) if export else {},
        refunded=present(export.refunded, by_key) if export else {},
        contacts=contacts_of(export, by_key, taken=columns.values()) if export else {},
        rather=rather,
        of_orders=bool(articles),
        order_totals=bool(articles)
        and "amount" in columns
        and not key_of(columns["amount"]).startswith(articles),
    )


def require(
    file: Path,
    names: Sequence[str],
    columns: Mapping[str, str],
    *,
    wanted: Wanted,
    needed: Sequence[str],
) -> None:
    """Raises MissingColumn unless the columns are mapped."""
    for column in needed:
        if column not in columns:
            raise MissingColumn(
                path=file,
                missing=column,
                columns=in_words(names),
                option=wanted.option,
                example=example(column, names, columns),
            )


def example(needed: str, names: Sequence[str], columns: Mapping[str, str]) -> str:
    """A mapping to write: a customer's name can stand for the id, else the one column that is left."""
    if needed == "customer_id" and "customer_name" in columns:
        return mapping(needed, columns["customer_name"])
    free = [name for name in names if name not in columns.values()]
    return mapping(needed, free[0] if len(free) == 1 else "…")


def mapping(column: str, theirs: str) -> str:
    """A mapping as one writes it on the command line."""
    return f'"{column}={theirs}"' if " " in theirs else f"{column}={theirs}"


def in_words(names: Sequence[str]) -> str:
    """Names, quoted and listed."""
    return ", ".join(f"“{name}”" for name in names)
