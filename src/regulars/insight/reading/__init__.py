"""From files of purchases and referrals, as shops export them, to clean lines.

Here live encodings, CSV, the guesses for columns, dates, amounts, currencies, and what becomes of
a row that cannot be used. No model and no sum over customers; see `regulars.insight.summary`.
"""

from regulars.insight.reading.purchase_lines import PurchaseLines
from regulars.insight.reading.purchases import read_purchases
from regulars.insight.reading.referrals import ReferralClaims, read_referrals
from regulars.insight.reading.source import Source

__all__ = ["PurchaseLines", "ReferralClaims", "Source", "read_purchases", "read_referrals"]
