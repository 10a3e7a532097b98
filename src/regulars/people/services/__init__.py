"""Writes about people: every one has this one path."""

from regulars.people.services.business import (
    choose_goal,
    finish_first_run,
    found_business,
)
from regulars.people.services.customers import (
    add_customer,
    rename,
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
    "add_customer",
    "add_date",
    "add_identity",
    "add_note",
    "add_preference",
    "block_identity",
    "change_date",
    "change_note",
    "change_preference",
    "choose_goal",
    "define_attribute",
    "finish_first_run",
    "found_business",
    "merge",
    "remove_attribute",
    "remove_date",
    "remove_identity",
    "remove_note",
    "remove_preference",
    "rename",
    "retire_attribute",
    "say_not_the_same",
    "set_attribute",
    "unblock_identity",
    "unmerge",
]
