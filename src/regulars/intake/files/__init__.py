"""Files of millions: the set-based form of the one way in.

Here files of purchases, refunds, referrals and customers become events and people, in whole
chunks, each a transaction, in the order in which things happened. What follows is the same as of
``record``, event by event; a test compares them. How files are read is in ``insight.reading``.
"""

from regulars.intake.files.business import Ground, ground
from regulars.intake.files.customers import import_customers
from regulars.intake.files.errors_file import Errors
from regulars.intake.files.purchases import import_purchases
from regulars.intake.files.referrals import import_referrals
from regulars.intake.files.result import Imported
from regulars.intake.files.wording import counted, reasons, sentences

__all__ = [
    "Errors",
    "Ground",
    "Imported",
    "counted",
    "ground",
    "import_customers",
    "import_purchases",
    "import_referrals",
    "reasons",
    "sentences",
]
