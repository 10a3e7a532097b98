"""A value that an option cannot take is refused in a sentence, before anything is read."""

import pytest

from tests.cli.conftest import Run

NO_DAY = "is not a day. Write it as 2026-06-30."
NO_SHARE = "is not a share above 0 and up to 1."


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("--until yesterday", f"“--until” cannot be used so: yesterday {NO_DAY}"),
        ("--until 2026-02-30", f"“--until” cannot be used so: 2026-02-30 {NO_DAY}"),
        ("--until 1899-12-31", f"“--until” cannot be used so: 1899-12-31 {NO_DAY}"),
        ("--validate-until soon", f"“--validate-until” cannot be used so: soon {NO_DAY}"),
        ("--map Email", "Email is not a mapping. Write it as customer_id=Email."),
        ("--map customer_id=", "customer_id= is not a mapping."),
        ("--map customer_id=A --map customer_id=B", "customer_id is mapped twice; choose one."),
        ("--recorded-share 0", f"“--recorded-share” cannot be used so: 0 {NO_SHARE}"),
        ("--recorded-share 2", f"“--recorded-share” cannot be used so: 2 {NO_SHARE}"),
        ("--recorded-share half", f"“--recorded-share” cannot be used so: half {NO_SHARE}"),
        ("--recorded-share nan", f"“--recorded-share” cannot be used so: nan {NO_SHARE}"),
    ],
)
def test_what_an_option_cannot_take_is_refused_in_a_sentence(
    options: str, told: str, regulars: Run
) -> None:
    done = regulars("score", "absent.csv", *options.split())
    assert done.returncode == 2
    assert done.stdout == ""
    assert told in done.stderr


@pytest.mark.parametrize(
    "options", ["--until 2026-06-30", "--map customer_id=Email", "--recorded-share 1"]
)
def test_what_an_option_can_take_is_not_what_is_refused(options: str, regulars: Run) -> None:
    done = regulars("score", "absent.csv", *options.split())
    assert done.returncode == 2
    assert done.stderr == "There is no file absent.csv.\n"
