"""The sums over clean lines, computed where the lines are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from regulars.insight.engines import Engine, row_count, upload
from regulars.insight.reading import PurchaseLines
from regulars.insight.result import CohortCell, Month
from regulars.insight.summary.customers import (
    SCHEMA,
    customer_rows,
    latest_names,
    refunds_by_customer,
    sums_by_customer,
)
from regulars.insight.summary.purchase_days import purchase_days, sum_if_all_known
from regulars.insight.summary.refunds import WAYS, book_refunds
from regulars.insight.summary.rhythms import GapPairs, first_and_last_baskets, gap_pairs
from regulars.kernel.clock import day_of, epoch_day
from regulars.kernel.money import major

MONTHS_PER_QUARTER = 3


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What the lines come to, up to a day.

    Attributes:
        customers: One row a customer who bought on or before ``until``, by ``customer_id``; the
            columns of `regulars.insight.summary.customers.SCHEMA`.
        purchases: Orders on or before ``until``.
        refunds: Refunded orders on or before it, those of customers without a purchase too.
        refunds_matched: Lines of refunds by how they found their purchase (`refunds.WAYS`).
        until: The last day that counts.
        validate_until: The last day of the holdout, or None.
        currency: Of all amounts, or None.
        engine: Holds the purchase days.
        days_path: Parquet in its workspace, ``customer_id, day, orders, net_minor, margin_minor``.
    """

    customers: pa.Table
    purchases: int
    refunds: int
    refunds_matched: Mapping[str, int]
    until: date
    validate_until: date | None
    currency: str | None
    engine: Engine = field(repr=False)
    days_path: Path = field(repr=False)

    def months(self) -> tuple[Month, ...]:
        """New customers beside those who came back, month by month up to ``until``."""
        days = self._dated_days
        days = days.filter(days.day <= epoch_day(self.until))
        by_month = days.group_by("customer_id", "month", "first_month").aggregate(
            net_minor=days.net_minor.sum().cast("int64")
        )
        counted = by_month.group_by("month", new=by_month.month == by_month.first_month).aggregate(
            customers=ibis._.count().cast("int64"), net_minor=ibis._.net_minor.sum().cast("int64")
        )
        cells = {(row["month"], row["new"]): row for row in self.engine.fetch(counted).to_pylist()}
        empty = {"customers": 0, "net_minor": 0}
        months = []
        for month in sorted({month for month, _ in cells}):
            new, back = cells.get((month, True), empty), cells.get((month, False), empty)
            months.append(
                Month(
                    month=first_of_month(month),
                    new_customers=new["customers"],
                    new_revenue=major(new["net_minor"], self.currency),
                    returning_customers=back["customers"],
                    returning_revenue=major(back["net_minor"], self.currency),
                )
            )
        return tuple(months)

    def cohorts(self) -> tuple[CohortCell, ...]:
        """Of those who came in a quarter, how many bought again in each later one, up to ``until``."""
        days = self._dated_days
        days = days.filter(days.day <= epoch_day(self.until))
        active = days.select(
            "customer_id",
            cohort=(days.first_month / MONTHS_PER_QUARTER).floor().cast("int64"),
            quarter=(days.month / MONTHS_PER_QUARTER).floor().cast("int64"),
        ).distinct()
        counted = active.group_by("cohort", "quarter").aggregate(
            customers=ibis._.count().cast("int64")
        )
        cells = {
            (row["cohort"], row["quarter"]): row["customers"]
            for row in self.engine.fetch(counted).to_pylist()
        }
        last = month_of(epoch_day(self.until)) // MONTHS_PER_QUARTER
        return tuple(
            CohortCell(
                cohort=first_of_month(cohort * MONTHS_PER_QUARTER),
                quarters=quarter - cohort,
                customers=cells[cohort, cohort],
                active=cells.get((cohort, quarter), 0),
                complete=epoch_day(first_of_month((quarter + 1) * MONTHS_PER_QUARTER))
                <= epoch_day(self.until) + 1,
            )
            for cohort in sorted({cohort for cohort, _ in cells})
            for quarter in range(cohort, last + 1)
        )

    def repeat_days(self) -> dict[int, int]:
        """Repeat purchase days of customers known at ``until``, by day (since 1970-01-01).

        The holdout's days are among them; a customer's first day is not.
        """
        days = self._dated_days
        repeats = days.filter(days.day > days.first_day).group_by("day")
        found = self.engine.fetch(repeats.aggregate(purchases=ibis._.count().cast("int64")))
        return dict(
            sorted(zip(found["day"].to_pylist(), found["purchases"].to_pylist(), strict=True))
        )

    def gap_pairs(self) -> GapPairs:
        """What tells how regular the gaps between purchase days are, up to ``until``."""
        return gap_pairs(self.engine, self._days_until, self.customers)

    def baskets(self, customer_ids: pa.Table) -> pa.Table:
        """What customers' first and last purchase days brought, up to ``until``.

        Args:
            customer_ids: ``customer_id`` (string) of customers of this summary, each once, n rows.

        Returns:
            n rows in the same order: ``customer_id``, and ``first_mean_minor`` and
            ``last_mean_minor`` (float64), the mean net values of the first three purchase days and
            of the last three; of as many as there are where they are fewer.
        """
        return first_and_last_baskets(self.engine, self._days_until, customer_ids)

    def value_between(self, spans: pa.Table) -> pa.Table:
        """What customers brought between two days.

        Args:
            spans: ``customer_id`` (string), ``from_day`` and ``to_day`` (days since 1970-01-01, both
                counted), n rows; a customer may have several.

        Returns:
            n rows in the same order: ``customer_id, net_minor, margin_minor, margin_base_minor`` (net
            margin of the days whose margin is known, and their net value), ``purchase_days``; 0
            where nothing was bought. Nothing after ``until`` counts.
        """
        asked = spans.select(["customer_id", "from_day", "to_day"]).append_column(
            "row", pa.array(np.arange(spans.num_rows), pa.int64())
        )
        wanted = upload(self.engine, asked, "spans")
        days = self._days
        days = days.filter(days.day <= epoch_day(self.until))
        joined = wanted.inner_join(
            days,
            [
                wanted.customer_id == days.customer_id,
                days.day >= wanted.from_day,
                days.day <= wanted.to_day,
            ],
        )
        sums = self.engine.fetch(
            joined.group_by("row").aggregate(
                net_minor=joined.net_minor.sum().cast("int64"),
                margin_minor=joined.margin_minor.fill_null(0).sum().cast("int64"),
                margin_base_minor=ibis.ifelse(joined.margin_minor.notnull(), joined.net_minor, 0)
                .sum()
                .cast("int64"),
                purchase_days=ibis._.count().cast("int64"),
            )
        )
        rows = sums["row"].to_numpy()
        columns = {"customer_id": asked["customer_id"]}
        for name in ("net_minor", "margin_minor", "margin_base_minor", "purchase_days"):
            filled = np.zeros(spans.num_rows, np.int64)
            filled[rows] = sums[name].to_numpy()
            columns[name] = pa.array(filled)
        return pa.table(columns)

    @property
    def _days(self) -> ir.Table:
        return self.engine.table([self.days_path])

    @property
    def _days_until(self) -> ir.Table:
        days = self._days
        return days.filter(days.day <= epoch_day(self.until))

    @cached_property
    def _dated_days(self) -> ir.Table:
        """Purchase days with ``month``, and the customer's ``first_day`` and ``first_month``."""
        firsts = self.customers.select(["customer_id", "first_day"])
        months = pa.array(months_of(firsts["first_day"].to_numpy()), pa.int32())
        known = upload(self.engine, firsts.append_column("first_month", months), "firsts")
        low = pc.min(firsts["first_day"]).as_py()
        span = np.arange(low, epoch_day(self.validate_until or self.until) + 1)
        calendar = pa.table(
            {"day": pa.array(span, pa.int32()), "month": pa.array(months_of(span), pa.int32())}
        )
        days = self._days.inner_join(known, "customer_id")
        return days.inner_join(upload(self.engine, calendar, "calendar"), "day")


def summarise(
    engine: Engine, lines: PurchaseLines, *, until: date, validate_until: date | None = None
) -> Summary:
    """Sums up lines by customer.

    Args:
        engine: Where the lines are.
        lines: Clean lines.
        until: The last day that counts, not after ``lines.keep_until``.
        validate_until: The last day of the holdout, or None.

    Returns:
        The summary; its purchase days stay in the engine's workspace.
    """
    last, keep = epoch_day(until), epoch_day(max(until, validate_until or until))
    with_margin = "margin" in lines.columns
    table = lines.table()
    table = table.filter(table.day <= keep)
    purchases = table.filter(~table.is_refund)
    days = purchase_days(
        purchases, until=last, with_orders="order_id" in lines.columns, with_margin=with_margin
    )
    days_path = engine.save(days, "days")
    refunds = engine.table(
        [engine.save(table.filter(table.is_refund & (table.day <= last)), "given-back")]
    )
    booked = None
    if row_count(engine, refunds):
        before = engine.table([days_path])
        found = book_refunds(
            engine,
            refunds,
            purchases.filter(purchases.day <= last),
            before.filter(before.day <= last),
        )
        booked = engine.table([engine.save(found, "refunds")])
        days_path = engine.save(less_refunds(before, booked), "days")
    by_customer = None if booked is None else refunds_by_customer(booked)
    # One step at a time, so that only one large grouping is in memory.
    names = None
    if "customer_name" in lines.columns:
        names = engine.table([engine.save(latest_names(table.filter(table.day <= last)), "names")])
    sums = sums_by_customer(engine.table([days_path]), until=last, with_margin=with_margin)
    sums = engine.table([engine.save(sums, "sums")])
    rows = engine.fetch(customer_rows(sums, until=last, refunds=by_customer, names=names))
    customers = rows.cast(SCHEMA).sort_by("customer_id").combine_chunks()
    return Summary(
        customers=customers,
        purchases=pc.sum(customers["purchases"]).as_py() or 0,
        refunds=0 if by_customer is None else count_refunded(engine, by_customer),
        refunds_matched={} if booked is None else count_ways(engine, booked),
        until=until,
        validate_until=validate_until,
        currency=lines.currency,
        engine=engine,
        days_path=days_path,
    )


def less_refunds(days: ir.Table, booked: ir.Table) -> ir.Table:
    """Purchase days less the refunds that belong to them."""
    taken = booked.group_by("customer_id", day=booked.booked_day).aggregate(
        taken_minor=booked.amount_minor.sum().cast("int64"),
        taken_margin_minor=sum_if_all_known(booked.margin_minor),
    )
    joined = days.left_join(taken, ["customer_id", "day"])
    # A refund whose margin is unknown leaves that of its day unknown too.
    margin = joined.margin_minor + joined.taken_margin_minor
    return joined.select(
        "customer_id",
        "day",
        "orders",
        net_minor=joined.net_minor + joined.taken_minor.fill_null(0),
        margin_minor=ibis.ifelse(joined.taken_minor.isnull(), joined.margin_minor, margin),
    )


def count_refunded(engine: Engine, by_customer: ir.Table) -> int:
    """How many orders were refunded, those of people without a purchase in the files included."""
    total = engine.fetch(by_customer.aggregate(n=by_customer.refunds.sum().cast("int64")))
    return int(total["n"][0].as_py())


def count_ways(engine: Engine, booked: ir.Table) -> dict[str, int]:
    """Lines of refunds by how they found their purchase."""
    found = engine.fetch(booked.group_by("how").aggregate(n=ibis._.count().cast("int64")))
    counts = dict(zip(found["how"].to_pylist(), found["n"].to_pylist(), strict=True))
    return {way: counts[way] for way in WAYS if way in counts}


def month_of(day: int) -> int:
    """Months since January 1970 of a day since 1970-01-01."""
    return int(months_of(np.array([day]))[0])


def months_of(days: np.ndarray) -> np.ndarray:
    """Months since January 1970 of days since 1970-01-01, shape (n,)."""
    return np.asarray(days).astype("datetime64[D]").astype("datetime64[M]").astype(np.int32)


def first_of_month(months: int) -> date:
    """The first day of a month, counted from January 1970."""
    return day_of(int(np.datetime64(int(months), "M").astype("datetime64[D]").astype(np.int64)))
