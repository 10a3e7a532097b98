"""From clean lines to one row a customer, and to the few other sums that models and reports need.

Here live orders, purchase days, and how refunds find their purchase. What a row of a file means is
settled before (`regulars.insight.reading`); what the sums mean comes after, in the models.
"""

from regulars.insight.summary.rhythms import GapPairs
from regulars.insight.summary.summary import Summary, summarise

__all__ = ["GapPairs", "Summary", "summarise"]
