"""What can keep a run from starting."""

from regulars.kernel.errors import RegularsError
from regulars.kernel.language import mark


class ScoringBusy(RegularsError):
    """Two runs at a time."""

    code = "scoring_busy"
    http_status = 409
    sentence = mark("Scores are being computed already; wait until that is done.")
