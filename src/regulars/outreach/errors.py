"""What can be wrong with a message."""

from regulars.kernel.errors import RegularsError
from regulars.kernel.language import mark


class NoMailAccount(RegularsError):
    """A message, and no account that it could go out by."""

    code = "no_mail_account"
    http_status = 409
    sentence = mark("No mail account is set up yet; the owner does that in the settings.")


class NotContactable(RegularsError):
    """A message to somebody who may not be written to now."""

    code = "not_contactable"
    http_status = 409
    sentence = mark("They may not be written to now: {why}")


class AskedAlready(RegularsError):
    """A question for consent that was asked before: it comes once, as its mail says."""

    code = "asked_already"
    http_status = 409
    sentence = mark(
        "They were asked by mail already, and were told that it comes once. Ask them when they are here."
    )


class SaidNo(RegularsError):
    """A question for consent to somebody who said no."""

    code = "said_no"
    http_status = 409
    sentence = mark("They said no to this; only they can change that, when they are here.")


class UnknownMessage(RegularsError):
    """An id that is no message's, or of one that does not wait to be sent again."""

    code = "unknown_message"
    http_status = 404
    sentence = mark("There is no such message that could be sent again.")


class InvalidMailAccount(RegularsError):
    """An account that cannot be one."""

    code = "invalid_mail_account"
    sentence = mark("“{value}” cannot be used for mail ({field}).")


class SenderNotArriving(RegularsError):
    """An address that mail cannot come from, as servers are told no such one."""

    code = "sender_not_arriving"
    sentence = mark(
        "Mail servers cannot be told this address as it is written; use one of plain letters before the @."
    )
