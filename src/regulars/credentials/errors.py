"""What can be wrong with a key."""

from regulars.kernel.errors import RegularsError
from regulars.kernel.language import mark


class KeyRequired(RegularsError):
    """No key, or none of ours."""

    code = "key_required"
    http_status = 401
    sentence = mark("Send a key of this installation as “Authorization: Bearer …”.")


class KeyRevoked(RegularsError):
    """A key that was taken back."""

    code = "key_revoked"
    http_status = 401
    sentence = mark("This key was taken back; use the one that replaced it.")


class KeyExpired(RegularsError):
    """A key whose time is over."""

    code = "key_expired"
    http_status = 401
    sentence = mark("This key has expired; make a new one with “regulars key rotate”.")


class UnknownScope(RegularsError):
    """A scope that no route asks for."""

    code = "unknown_scope"
    sentence = mark("There is no scope “{scope}”; there are {scopes}.")


class InvalidSource(RegularsError):
    """What no source of events can be called."""

    code = "invalid_source"
    sentence = mark(
        "“{source}” cannot be a source; use small letters, digits, “.”, “_” and “-”, a letter or digit first, "
        "{limit} characters at most."
    )


class KeyRotated(RegularsError):
    """A key that another took the place of is to be rotated again."""

    code = "key_rotated"
    http_status = 409
    sentence = mark("The key “{mark}” was rotated already; rotate the one that took its place.")


class UnknownKey(RegularsError):
    """No key with that mark."""

    code = "unknown_key"
    http_status = 404
    sentence = mark("There is no key “{mark}”; “regulars key list” shows them.")
