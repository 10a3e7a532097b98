"""What can be wrong with what is said of people."""

from regulars.kernel.errors import RegularsError
from regulars.kernel.language import mark


class InvalidEmail(RegularsError):
    """An e-mail address that cannot be one."""

    code = "invalid_email"
    sentence = mark("“{value}” is not an e-mail address.")


class InvalidPhone(RegularsError):
    """A phone number that cannot be one."""

    code = "invalid_phone"
    sentence = mark("“{value}” is not a phone number.")


class PhoneNeedsCountry(RegularsError):
    """A phone number without a country, where none is known."""

    code = "phone_needs_country"
    sentence = mark("The phone number “{value}” needs its country: begin it with +.")


class NotAnIdentity(RegularsError):
    """A value that stands for nobody, or for everybody."""

    code = "not_an_identity"
    sentence = mark("“{value}” tells nobody apart, so nobody can be recognised by it.")


class IdentityTaken(RegularsError):
    """An identity that belongs to somebody else."""

    code = "identity_taken"
    http_status = 409
    sentence = mark("“{value}” belongs to another customer.")


class NameMissing(RegularsError):
    """Somebody without a name."""

    code = "name_missing"
    sentence = mark("Give at least a name.")


class AlreadyFounded(RegularsError):
    """There is a business already."""

    code = "already_founded"
    http_status = 409
    sentence = mark("This business is set up already; sign in to change it.")


class UnknownCustomer(RegularsError):
    """An id that no customer has."""

    code = "unknown_customer"
    http_status = 404
    sentence = mark("There is no customer with the id {id}.")


class LoginTaken(RegularsError):
    """Two employees who would sign in by the same name."""

    code = "login_taken"
    http_status = 409
    sentence = mark("Somebody signs in as “{name}” already; add a surname or a letter.")


class LastOwner(RegularsError):
    """The only owner, who cannot be let go."""

    code = "last_owner"
    http_status = 409
    sentence = mark("A business needs an owner; make somebody else one first.")


class UnknownEmployee(RegularsError):
    """An id that no employee has."""

    code = "unknown_employee"
    http_status = 404
    sentence = mark("There is no such employee.")
