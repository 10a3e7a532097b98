"""Amounts that no business takes are set aside, so that one of them keeps nobody's scores away.

The sums over everybody must fit 64 bits, with room for what is forecast from them: an amount alone may not
be absurd, and all together may not be either; then the largest are set aside until they are not.
"""

import duckdb

LARGEST = 2**50  # in minor units: eleven million million of a currency with cents
TOGETHER = 2**60

# How much an event brings into the sums: its amount, or its margin where that is more.
WEIGHED = """
CREATE VIEW weighed AS
SELECT position, amount_minor AS weight FROM events
WHERE type IN ('purchase.completed', 'purchase.refunded') AND currency = '{currency}'
"""
WEIGHED_WITH_MARGINS = """
CREATE VIEW weighed AS
SELECT position, greatest(
    amount_minor,
    abs(coalesce(CAST(data ->> '$.margin_minor' AS BIGINT), 0)),
    coalesce(list_sum([
        abs(CAST(one AS BIGINT)) FOR one IN data ->> '$.lines[*].margin_minor'
    ]), 0)
) AS weight FROM events
WHERE type IN ('purchase.completed', 'purchase.refunded') AND currency = '{currency}'
"""
ALL_OF_IT = "SELECT coalesce(max(weight), 0), coalesce(sum(weight), 0) FROM weighed"
LARGEST_THAT_FITS = """
SELECT max(weight) FROM (
    SELECT weight, sum(sum(weight)) OVER (ORDER BY weight) AS so_far
    FROM weighed WHERE weight < $largest GROUP BY weight
) WHERE so_far <= $together
"""
UNCOUNTABLE = """
CREATE TABLE uncountable AS SELECT position FROM weighed WHERE weight > $up_to
"""


def set_aside(engine: duckdb.DuckDBPyConnection, *, currency: str, with_margins: bool) -> int:
    """Notes as ``uncountable`` the purchases and refunds whose amounts cannot be counted.

    Args:
        engine: With the view ``events``.
        currency: Of the business.
        with_margins: Whether any event tells one.

    Returns:
        How many they are.
    """
    view = WEIGHED_WITH_MARGINS if with_margins else WEIGHED
    engine.execute(view.format(currency=currency.replace("'", "''")))
    ((up_to, together),) = engine.execute(ALL_OF_IT).fetchall()
    if up_to >= LARGEST or together > TOGETHER:
        limits = {"largest": LARGEST, "together": TOGETHER}
        ((fits,),) = engine.execute(LARGEST_THAT_FITS, limits).fetchall()
        up_to = -1 if fits is None else fits
    engine.execute(UNCOUNTABLE, {"up_to": up_to})
    ((found,),) = engine.execute("SELECT count(*) FROM uncountable").fetchall()
    return int(found)
