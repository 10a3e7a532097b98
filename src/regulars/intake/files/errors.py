"""What can keep a file out."""

from regulars.kernel.errors import RegularsError
from regulars.kernel.language import mark


class NoBusiness(RegularsError):
    """A file before there is a business."""

    code = "no_business"
    sentence = mark(
        "There is no business yet, so nobody knows the currency and the time zone: run regulars start, "
        "or say --currency EUR --timezone Europe/Berlin."
    )


class OtherCurrency(RegularsError):
    """Amounts in a currency that the business does not count in."""

    code = "other_currency"
    sentence = mark(
        "The business counts in {currency}, not in {asked}; leave --currency out, and give "
        "--currency-rates for amounts in other currencies."
    )


class OrderTooLarge(RegularsError):
    """A sum beyond 2^53 - 1 minor units."""

    code = "order_too_large"
    sentence = mark("An order comes to more than 2^53 - 1 minor units, which nobody can have paid.")


class NobodyInFile(RegularsError):
    """A file of customers none of which can be told from another."""

    code = "nobody_in_file"
    sentence = mark("Nobody could be taken from the {rows} rows: {reasons}.")


class NoCustomerColumn(RegularsError):
    """A file of customers without a column that tells who they are."""

    code = "no_customer_column"
    sentence = mark(
        "{path} has no column that says who somebody is. It has {columns}. Say which one, for "
        "example: --map {example}"
    )


class OwnFileAmongOthers(RegularsError):
    """A table of events that was exported here, beside files from elsewhere."""

    code = "own_file_among_others"
    sentence = mark(
        "{path} was written by regulars export events. Take it in by itself, without the other files."
    )
