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


class NotAName(RegularsError):
    """What nobody is called: a sign, a number, or a word for nobody."""

    code = "not_a_name"
    sentence = mark("“{value}” is nobody’s name. Who is it?")


class AddressForName(RegularsError):
    """A phone number or an e-mail address in the place of a name."""

    code = "address_for_name"
    sentence = mark("“{value}” looks like a phone number or an e-mail address. Who is it?")


class AlreadyFounded(RegularsError):
    """There is a business already."""

    code = "already_founded"
    http_status = 409
    sentence = mark("This business is set up already; sign in to change it.")


class UnknownCustomer(RegularsError):
    """An id that is no customer's."""

    code = "unknown_customer"
    http_status = 404
    sentence = mark("There is no customer with the id {customer_id}.")


class CustomerErased(RegularsError):
    """Somebody who was erased."""

    code = "customer_erased"
    http_status = 410
    sentence = mark("This customer was erased; nothing about them is kept.")


class MergeWithItself(RegularsError):
    """A customer is to be merged with the same one."""

    code = "merge_with_itself"
    sentence = mark("Choose two customers; these are one and the same.")


class AlreadyMerged(RegularsError):
    """A customer who is to be merged is part of another."""

    code = "already_merged"
    http_status = 409
    sentence = mark(
        "The customer {customer_id} is part of {kept_id} already; merge with that one instead."
    )


class UnknownMerge(RegularsError):
    """An id that is no merge's."""

    code = "unknown_merge"
    http_status = 404
    sentence = mark("There is no such merge.")


class MergeUndone(RegularsError):
    """A merge that was undone is to be undone."""

    code = "merge_undone"
    http_status = 409
    sentence = mark("This merge was undone already.")


class TextMissing(RegularsError):
    """A text that says nothing."""

    code = "text_missing"
    sentence = mark("“{field}” is empty.")


class UnknownKind(RegularsError):
    """A kind, purpose or channel that is none of ours."""

    code = "unknown_kind"
    sentence = mark("“{value}” cannot be the {field}; choose one of {known}.")


class InvalidDay(RegularsError):
    """A day that is in no calendar, or still to come."""

    code = "invalid_day"
    sentence = mark("{day} is in no calendar, or still to come; look at the day and the month.")


class InvalidAttribute(RegularsError):
    """A value that does not fit its attribute."""

    code = "invalid_attribute"
    sentence = mark("This value does not fit “{key}”, which is of the kind {kind}.")


class InvalidDefinition(RegularsError):
    """An attribute that cannot be defined so."""

    code = "invalid_definition"
    sentence = mark(
        "“{key}” cannot be defined like this. A key is made of small letters, digits and underscores; "
        "choices belong to the kind choice alone, each of them once."
    )


class UnknownAttribute(RegularsError):
    """An attribute that the business has not defined, or has retired."""

    code = "unknown_attribute"
    http_status = 404
    sentence = mark("There is no attribute “{key}”.")


class AttributeTaken(RegularsError):
    """An attribute is defined twice."""

    code = "attribute_taken"
    http_status = 409
    sentence = mark("There is an attribute “{key}” already.")


class AttributeDiffers(RegularsError):
    """An attribute that is asked no more is to be asked again as something else."""

    code = "attribute_differs"
    http_status = 409
    sentence = mark(
        "“{key}” was asked before, as another kind of answer or with another word on consent. "
        "Ask it as it was asked then, or give it another name."
    )


class TooManyChoices(RegularsError):
    """More choices of an attribute than anybody reads."""

    code = "too_many_choices"
    sentence = mark("“{key}” can have {most} choices at most.")


class ConsentMissing(RegularsError):
    """Something is to be kept that needs consent, and there is none."""

    code = "consent_missing"
    http_status = 409
    sentence = mark("“{key}” is kept only of those who agreed to it; ask first.")


class UnknownEntry(RegularsError):
    """Something remembered that is not there, or is another customer's."""

    code = "unknown_entry"
    http_status = 404
    sentence = mark("This is not among what is remembered of this customer.")


class IdentityBlocked(RegularsError):
    """A value that the business said stands for nobody."""

    code = "identity_blocked"
    sentence = mark("“{value}” is on the list of what stands for nobody here.")


class TooManyIdentities(RegularsError):
    """A customer with more of one kind than a person has."""

    code = "too_many_identities"
    http_status = 409
    sentence = mark("A customer has at most {most} of this kind; remove one first.")


class ConsentInFuture(RegularsError):
    """A consent that is said to have been given later than now."""

    code = "consent_in_future"
    sentence = mark("Nobody can have agreed in the future; look at the time.")


class InvalidContactRules(RegularsError):
    """A contact budget that cannot be kept."""

    code = "invalid_contact_rules"
    sentence = mark("Choose up to {most} contacts in 1 to {days} days.")


class LoginTaken(RegularsError):
    """Two employees would sign in by the same name."""

    code = "login_taken"
    http_status = 409
    sentence = mark("Somebody signs in as “{login}” already; choose another name.")


class WeakPassword(RegularsError):
    """A password that is guessed soon."""

    code = "weak_password"
    sentence = mark("Choose a longer password: {least} characters at least, and not the name.")


class PasswordNotNew(RegularsError):
    """The one-time password, chosen as one's own."""

    code = "password_not_new"
    sentence = mark("Choose another one than the one that you were given.")


class UnknownEmployee(RegularsError):
    """An id that is no employee's."""

    code = "unknown_employee"
    http_status = 404
    sentence = mark("There is no such employee.")


class EmployeeAddressTaken(RegularsError):
    """An address that another employee has shown to be theirs."""

    code = "employee_address_taken"
    http_status = 409
    sentence = mark("Somebody else who works here has this address.")


class UnknownLocation(RegularsError):
    """An id that is no location's, or of one that is closed."""

    code = "unknown_location"
    http_status = 404
    sentence = mark("There is no such location.")


class UnknownLocationName(RegularsError):
    """A name that is no location's."""

    code = "unknown_location_name"
    http_status = 422
    sentence = mark("There is no location “{name}” here. Add it in the settings first.")


class LocationTaken(RegularsError):
    """Two locations of one name."""

    code = "location_taken"
    http_status = 409
    sentence = mark("There is a location “{name}” already.")


class LastOwner(RegularsError):
    """The only owner would be one no more."""

    code = "last_owner"
    http_status = 409
    sentence = mark("Somebody has to own this; make another an owner first.")


class InvalidPublicAddress(RegularsError):
    """Something that is not the address of a site."""

    code = "invalid_public_address"
    sentence = mark(
        "Write the address as https://regulars.example.org, without anything behind it."
    )


class HttpsRequired(RegularsError):
    """An address of the internet without a lock."""

    code = "https_required"
    sentence = mark(
        "The address has to begin with https://, or others on the way could read and change it."
    )
