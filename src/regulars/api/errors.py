"""What can be wrong with a request."""

from regulars.kernel.errors import RegularsError
from regulars.kernel.language import mark


class ScopeMissing(RegularsError):
    """A key that may do other things."""

    code = "scope_missing"
    http_status = 403
    sentence = mark("This key lacks the scope “{scope}”.")


class NotFound(RegularsError):
    """An address that leads nowhere."""

    code = "not_found"
    http_status = 404
    sentence = mark("There is nothing at this address.")


class UnknownHost(RegularsError):
    """A request to a name that this installation does not answer to."""

    code = "unknown_host"
    sentence = mark("“{host}” is no name of this installation; see REGULARS_HOSTS.")


class NotScoredYet(RegularsError):
    """Scores are asked for before the first run."""

    code = "not_scored_yet"
    http_status = 404
    sentence = mark("Nobody has been scored yet; it is done every night.")


class LimitMax(RegularsError):
    """A page that is larger than what is given at once."""

    code = "limit_max"
    http_status = 422
    sentence = mark("A page has {limit} at most; read on by its cursor.")


class MethodNotAllowed(RegularsError):
    """An address that answers to other methods."""

    code = "method_not_allowed"
    http_status = 405
    sentence = mark("This address does not answer to {method}.")


class RateLimited(RegularsError):
    """Too many requests in too short a time."""

    code = "rate_limited"
    http_status = 429
    sentence = mark("Too many requests; try again in {seconds} seconds.")


class LengthRequired(RegularsError):
    """A file that comes in pieces, so that nobody knows how long it is."""

    code = "length_required"
    http_status = 411
    sentence = mark("Say in Content-Length how long the file is; it came in pieces.")


class BodyTooLarge(RegularsError):
    """A body that is larger than what is read."""

    code = "body_too_large"
    http_status = 413
    sentence = mark("The body may have {limit} bytes at most.")


class InvalidJson(RegularsError):
    """A body that is no JSON."""

    code = "invalid_json"
    sentence = mark("The body is not JSON in UTF-8: {why}.")


class DuplicateField(RegularsError):
    """A name twice in one object."""

    code = "duplicate_field"
    sentence = mark("“{field}” is there twice in one object.")


class TooDeep(RegularsError):
    """Objects in objects without end."""

    code = "too_deep"
    sentence = mark("The body is nested more than {limit} deep.")


class IdempotencyKeyRequired(RegularsError):
    """A write without what makes its repetition harmless."""

    code = "idempotency_key_required"
    sentence = mark("Send an “Idempotency-Key” of 1 to 200 printable characters with every write.")


class IdempotencyKeyReused(RegularsError):
    """The same idempotency key with another request."""

    code = "idempotency_key_reused"
    http_status = 409
    sentence = mark("This “Idempotency-Key” was used for another request.")


class OurFault(RegularsError):
    """Something broke on our side; what was asked for was not done."""

    code = "our_fault"
    http_status = 500
    sentence = mark("Something broke on our side, and nothing was changed. Try again.")
