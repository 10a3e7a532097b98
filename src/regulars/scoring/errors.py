"""What can keep a run from starting."""

from regulars.kernel.errors import RegularsError
from regulars.kernel.language import mark


class ScoringBusy(RegularsError):
    """Two runs at a time."""

    code = "scoring_busy"
    http_status = 409
    sentence = mark("Scores are being computed already; wait until that is done.")


class InvalidCondition(RegularsError):
    """A segment's condition that says nothing that can be asked."""

    code = "invalid_condition"
    sentence = mark("The condition cannot be used: {why}")


class SegmentNameTaken(RegularsError):
    """Two segments of one name."""

    code = "segment_name_taken"
    http_status = 409
    sentence = mark("There is a segment “{name}” already.")


class SegmentNameMissing(RegularsError):
    """A segment without a name."""

    code = "segment_name_missing"
    sentence = mark("Give the segment a name.")


class NoSuchSegment(RegularsError):
    """A segment that is not there, or no longer."""

    code = "no_such_segment"
    http_status = 404
    sentence = mark("There is no such segment.")
