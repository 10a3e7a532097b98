"""Writes about people: every one has this one path, in a transaction that its caller opened."""

from regulars.people.services.business import (
    choose_goal,
    describe_business,
    finish_first_run,
    found_business,
)
from regulars.people.services.contacting import (
    claim_contact,
    lift_suppression,
    record_consent,
    record_contact,
    set_contact_rules,
    suppress,
)
from regulars.people.services.customers import (
    add_customer,
    add_stranger,
    rename,
)
from regulars.people.services.employees import (
    add_employee,
    add_location,
    change_locations,
    change_password,
    change_role,
    close_location,
    deactivate_employee,
    reactivate_employee,
)
from regulars.people.services.erasing import (
    Erased,
    erase,
    replay_erasures,
)
from regulars.people.services.identities import (
    add_identity,
    block_identity,
    remove_identity,
    unblock_identity,
)
from regulars.people.services.merging import (
    merge,
    say_not_the_same,
    unmerge,
)
from regulars.people.services.remembering import (
    add_date,
    add_note,
    add_preference,
    change_date,
    change_note,
    change_preference,
    define_attribute,
    remove_attribute,
    remove_date,
    remove_note,
    remove_preference,
    retire_attribute,
    set_attribute,
)

__all__ = [
    "Erased",
    "add_customer",
    "add_date",
    "add_employee",
    "add_identity",
    "add_location",
    "add_note",
    "add_preference",
    "add_stranger",
    "block_identity",
    "change_date",
    "change_locations",
    "change_note",
    "change_password",
    "change_preference",
    "change_role",
    "choose_goal",
    "claim_contact",
    "close_location",
    "deactivate_employee",
    "define_attribute",
    "describe_business",
    "erase",
    "finish_first_run",
    "found_business",
    "lift_suppression",
    "merge",
    "reactivate_employee",
    "record_consent",
    "record_contact",
    "remove_attribute",
    "remove_date",
    "remove_identity",
    "remove_note",
    "remove_preference",
    "rename",
    "replay_erasures",
    "retire_attribute",
    "say_not_the_same",
    "set_attribute",
    "set_contact_rules",
    "suppress",
    "unblock_identity",
    "unmerge",
]
