"""What cannot have happened."""

from regulars.kernel.errors import RegularsError
from regulars.kernel.language import mark


class ReferralNotAllowed(RegularsError):
    """Somebody who is said to have sent themselves, or whom they came through."""

    code = "referral_not_allowed"
    http_status = 422
    sentence = mark(
        "Nobody sends themselves, nor those through whom they came: that would be a circle."
    )


class UnknownReferral(RegularsError):
    """A claim of who brought somebody that there is not, or no more."""

    code = "unknown_referral"
    http_status = 404
    sentence = mark("No referral that counts has the id {event_id}.")


class ReceiptConflict(RegularsError):
    """Something told under the source and key of something else."""

    code = "receipt_conflict"
    http_status = 409
    sentence = mark(
        "“{source}” has told something else as “{key}” before; what is another thing needs another key."
    )
