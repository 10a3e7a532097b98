"""One row a customer: the few numbers that every model starts from."""

import ibis
import ibis.expr.types as ir
import pyarrow as pa

NAME_DAY_OFFSET = 1_000_000
NAME_DAY_DIGITS = 7

SCHEMA = pa.schema(
    [
        ("customer_id", pa.string()),
        ("customer_name", pa.string()),
        ("first_day", pa.int32()),
        ("x", pa.int64()),
        ("t_x_days", pa.int64()),
        ("age_days", pa.int64()),
        ("purchases", pa.int64()),
        ("refunds", pa.int64()),
        ("first_minor", pa.int64()),
        ("repeat_minor", pa.int64()),
        ("margin_minor", pa.int64()),
        ("margin_base_minor", pa.int64()),
        ("holdout_x", pa.int64()),
        ("sum_k", pa.float64()),
        ("sum_kk", pa.float64()),
        ("sum_v", pa.float64()),
        ("sum_kv", pa.float64()),
        ("sum_vv", pa.float64()),
    ]
)


def sums_by_customer(days: ir.Table, *, until: int, with_margin: bool) -> ir.Table:
    """The sums over each customer's purchase days.

    Args:
        days: ``customer_id, day, orders, net_minor, margin_minor``.
        until: Days since 1970-01-01.
        with_margin: Whether any day may have a margin.

    Returns:
        One row a customer, as `customer_rows` wants them: ``margin_minor`` is the net margin of the
        days whose margin is known, ``margin_base_minor`` the net revenue of the same days.
    """
    day = days.day.cast("float64")
    value = days.net_minor.cast("float64")
    counted = days.day <= until
    sums = {
        "first_day": days.day.min(),
        "last_day": ibis.ifelse(counted, days.day, None).max(),
        "n": counted.sum().cast("int64"),
        "purchases": ibis.ifelse(counted, days.orders, 0).sum().cast("int64"),
        "first_minor": days.net_minor.argmin(days.day),
        "net_minor": ibis.ifelse(counted, days.net_minor, 0).sum().cast("int64"),
        "holdout_x": ibis.ifelse(counted, 0, 1).sum().cast("int64"),
        "day_sum": ibis.ifelse(counted, day, 0.0).sum(),
        "day_day_sum": ibis.ifelse(counted, day * day, 0.0).sum(),
        "day_v_sum": ibis.ifelse(counted, day * value, 0.0).sum(),
        "sum_vv": ibis.ifelse(counted, value * value, 0.0).sum(),
    }
    if with_margin:
        told = counted & days.margin_minor.notnull()
        sums["margin_minor"] = ibis.ifelse(told, days.margin_minor, 0).sum().cast("int64")
        sums["margin_base_minor"] = ibis.ifelse(told, days.net_minor, 0).sum().cast("int64")
    found = days.group_by("customer_id").aggregate(**sums)
    none = ibis.literal(0, "int64")
    return found if with_margin else found.mutate(margin_minor=none, margin_base_minor=none)


def customer_rows(
    sums: ir.Table, *, until: int, refunds: ir.Table | None, names: ir.Table | None
) -> ir.Table:
    """One row a customer with a purchase on or before ``until``.

    Args:
        sums: As `sums_by_customer` gives them.
        until: Days since 1970-01-01.
        refunds: ``customer_id, refunds``, or None.
        names: ``customer_id, customer_name``, or None.

    Returns:
        The columns of ``SCHEMA``.
    """
    sums = sums.filter(sums.first_day <= until)
    sums = with_column(sums, names, "customer_name", ibis.null("string"))
    sums = with_column(sums, refunds, "refunds", ibis.literal(0, "int64"))
    first = sums.first_day.cast("float64")
    n = sums.n.cast("float64")
    total = sums.net_minor.cast("float64")
    # With k = day - first day; whole numbers below 2**53 throughout, so exact in any order.
    columns = {
        "x": sums.n - 1,
        "t_x_days": sums.last_day - sums.first_day,
        "age_days": until - sums.first_day,
        "refunds": sums.refunds.fill_null(0),
        "repeat_minor": sums.net_minor - sums.first_minor,
        "sum_k": sums.day_sum - n * first,
        "sum_kk": sums.day_day_sum - 2 * first * sums.day_sum + n * first * first,
        "sum_v": total,
        "sum_kv": sums.day_v_sum - first * total,
    }
    kinds = {field.name: str(field.type).replace("double", "float64") for field in SCHEMA}
    return sums.mutate(**columns).select(
        **{name: ibis._[name].cast(kind) for name, kind in kinds.items()}
    )


def with_column(sums: ir.Table, other: ir.Table | None, column: str, default: ir.Value) -> ir.Table:
    """The sums with a column of another table of customers, or with a default."""
    if other is None:
        return sums.mutate(**{column: default})
    return sums.left_join(other, "customer_id").drop("customer_id_right")


def refunds_by_customer(booked: ir.Table) -> ir.Table:
    """How many orders were refunded, wholly or in part; a line without an order counts alone."""
    return booked.group_by("customer_id").aggregate(
        refunds=(ibis._.order_id.nunique() + ibis._.order_id.isnull().sum()).cast("int64")
    )


def latest_names(lines: ir.Table) -> ir.Table:
    """The name that each customer gave last; of several on one day the last in the alphabet."""
    named = lines.filter(lines.customer_name.notnull())
    names = named.group_by("customer_id").aggregate(
        customer_name=named.customer_name.max(), other=named.customer_name.min()
    )
    one = names.filter(names.customer_name == names.other).drop("other")
    # Few change their name, and only theirs need to be put in order.
    changed = named.semi_join(names.filter(names.customer_name != names.other), "customer_id")
    stamp = (changed.day + NAME_DAY_OFFSET).cast("string").lpad(NAME_DAY_DIGITS, "0")
    latest = changed.mutate(stamped=stamp.concat(changed.customer_name)).group_by("customer_id")
    last = latest.aggregate(customer_name=ibis._.stamped.max().substr(NAME_DAY_DIGITS))
    return one.union(last)
