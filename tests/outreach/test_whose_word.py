"""Whose word comes by a link, where addresses were corrected, taken away, or given to somebody else meanwhile."""

from base64 import urlsafe_b64decode

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from regulars.outreach.errors import AskedAlready, NotContactable, SaidNo
from regulars.outreach.links import ANSWER, LEAVE, address_in, message_of
from regulars.outreach.services import leave
from regulars.people.models import Consent, Suppression
from regulars.people.services import (
    add_customer,
    add_identity,
    erase,
    merge,
    unmerge,
)
from tests.outreach.conftest import BY, NOON, deliver, letter, says, standing
from tests.outreach.words import (
    agrees,
    asks,
    complains,
    corrected,
    leaves,
    may,
    taken_away,
)

pytestmark = pytest.mark.django_db


class TestANoIsNeverLost:
    """Ben got a letter at an address that is not there any more."""

    @pytest.fixture
    def letter_there(self, inbox, agreed):
        """The letter, and what its link carries."""
        message = letter(agreed)
        deliver()
        ((_, mail),) = inbox.taken
        return message, str(mail["List-Unsubscribe"]).rstrip("/>").rpartition("/")[2]

    @pytest.fixture
    def leaves_by_it(self, letter_there):
        """Somebody says no by that link."""
        message, told = letter_there
        assert message_of(LEAVE, told) == message

        def leave_by_it(*, everything=False):
            with transaction.atomic():
                to = address_in(LEAVE, told)
                leave(message_id=message, to=to, everything=everything, now=NOON)

        return leave_by_it

    @pytest.mark.parametrize("everything", [False, True])
    def test_after_the_address_was_corrected_it_is_said_by_who_was_written_to(
        self, agreed, leaves_by_it, everything
    ):
        corrected(agreed)
        assert may(agreed, "care") == "allowed"
        for _ in range(2):
            leaves_by_it(everything=everything)
        assert may(agreed, "care") == ("suppressed" if everything else "no_consent")
        assert Suppression.objects.count() == everything

    def test_nor_where_they_have_no_address_any_more(self, agreed, leaves_by_it):
        taken_away(agreed)
        leaves_by_it()
        with transaction.atomic():
            add_identity(
                customer_id=agreed, kind="email", value="new@example.org", region=None, **BY
            )
        assert may(agreed, "care") == "no_consent"

    @pytest.mark.parametrize("everything", [False, True])
    def test_who_has_the_address_by_now_says_it_and_nobody_else(
        self, agreed, leaves_by_it, everything
    ):
        corrected(agreed)
        with transaction.atomic():
            cleo = add_customer(
                name="Cleo", identities=[("email", "ben@example.org")], region=None, **BY
            )
        says(cleo)
        leaves_by_it(everything=everything)
        assert may(agreed, "care") == "allowed"
        assert may(cleo, "care") == ("suppressed" if everything else "no_consent")

    def test_a_complaint_counts_though_the_address_was_taken_away_and_given_again(
        self, agreed, letter_there
    ):
        taken_away(agreed)
        with transaction.atomic():
            add_identity(
                customer_id=agreed, kind="email", value="ben@example.org", region=None, **BY
            )
        assert may(agreed, "care") == "allowed"
        for _ in range(2):
            complains(letter_there[0])
        assert standing(letter_there[0]) == ("bounced", "complaint")
        assert may(agreed, "care") == "suppressed"
        assert Suppression.objects.get().reason == "complaint"

    def test_and_though_it_was_corrected(self, agreed, letter_there):
        corrected(agreed)
        complains(letter_there[0])
        assert may(agreed, "care") == "suppressed"

    def test_who_has_the_address_is_one_look_up_however_many_there_are(self, agreed, leaves_by_it):
        corrected(agreed)
        with CaptureQueriesContext(connection) as asked:
            leaves_by_it(everything=True)
        of_addresses = [
            one["sql"].partition("WHERE")[2]
            for one in asked
            if 'FROM "people_identity"' in one["sql"]
        ]
        by_value = [told for told in of_addresses if '"value" = ' in told]
        assert len(by_value) == 1
        for told in of_addresses:  # what is not by value is of a person, or of one row
            assert told in by_value or '"customer_id"' in told or '"id"' in told

    def test_its_link_tells_the_address_to_nobody_but_us(self, letter_there):
        _, told = letter_there
        assert address_in(LEAVE, told) == "ben@example.org"
        assert address_in(ANSWER, told) == ""
        assert b"example" not in urlsafe_b64decode(told[32:].partition(".")[0])


class TestWhatIsSaidByALinkIsOfTheAddress:
    """A message was written to Ben while Cem was taken for him, and it went to Cem's address."""

    @pytest.fixture
    def cem(self, cafe):
        with transaction.atomic():
            return add_customer(
                name="Cem", identities=[("email", "cem@example.org")], region="DE", **BY
            )

    @pytest.fixture
    def parted(self, inbox, ben, cem):
        """Says what is done in between, and has them be two again."""

        def part(write):
            with transaction.atomic():
                log = merge(kept=ben, merged=cem, **BY)
            message = write(ben)
            deliver()
            assert inbox.taken[-1][0] == ["cem@example.org"]
            with transaction.atomic():
                unmerge(merge_id=log, **BY)
            return message

        return part

    def test_a_yes_after_the_undo_is_theirs_who_said_it(self, inbox, ben, cem, parted):
        message = parted(asks)
        assert agrees(message)
        assert (may(ben), may(cem)) == ("no_consent", "allowed")
        assert Consent.objects.get().recorded_by == f"customer:{cem}"

    def test_the_address_is_not_asked_again_and_the_other_may_be(self, inbox, ben, cem, parted):
        parted(asks)
        with pytest.raises(AskedAlready):
            asks(cem)
        assert asks(ben)

    def test_a_no_after_the_undo_is_theirs_who_said_it(self, inbox, ben, cem, parted):
        for one in (ben, cem):
            says(one)
        message = parted(letter)
        for _ in range(2):
            leaves(message)
        assert (may(ben, "care"), may(cem, "care")) == ("allowed", "no_consent")
        assert Consent.objects.filter(given=False).count() == 1
        with pytest.raises(NotContactable):
            letter(cem)
        letter(ben)
        deliver()
        assert inbox.taken[-1][0] == ["ben@example.org"]

    def test_also_where_only_the_other_had_agreed(self, inbox, ben, cem, parted):
        says(ben)
        leaves(parted(letter))
        with pytest.raises(SaidNo):
            asks(cem, purpose="care")
        with transaction.atomic():
            merge(kept=ben, merged=cem, **BY)
        assert may(ben, "care") == "no_consent"

    def test_never_after_the_undo_shuts_nobody_else_out(self, inbox, ben, cem, parted):
        for one in (ben, cem):
            says(one)
        message = parted(letter)
        for _ in range(2):
            leaves(message, everything=True)
        assert (may(ben, "care"), may(cem, "care")) == ("allowed", "suppressed")

    def test_nor_does_a_complaint(self, inbox, ben, cem, parted):
        for one in (ben, cem):
            says(one)
        message = parted(letter)
        for _ in range(2):
            complains(message)
        assert (may(ben, "care"), may(cem, "care")) == ("allowed", "suppressed")

    @pytest.mark.parametrize("by", ["link", "complaint"])
    def test_a_no_is_theirs_who_had_the_address_though_it_is_corrected_after_the_undo(
        self, inbox, ben, cem, parted, by
    ):
        for one in (ben, cem):
            says(one)
        message = parted(letter)
        corrected(cem, value="cem@example.org")
        if by == "link":
            leaves(message)
        else:
            complains(message)
        assert may(ben, "care") == "allowed"
        assert may(cem, "care") == ("no_consent" if by == "link" else "suppressed")

    def test_and_once_they_are_erased_it_is_of_whom_it_was_written_to(
        self, inbox, ben, cem, parted
    ):
        says(ben)
        says(cem)
        message = parted(letter)
        with transaction.atomic():
            erase(customer_id=cem, **BY)
        complains(message)
        assert may(ben, "care") == "suppressed"

    def test_a_no_while_they_were_one_holds_for_both(self, inbox, ben, cem):
        for one in (ben, cem):
            says(one)
        with transaction.atomic():
            log = merge(kept=ben, merged=cem, **BY)
        message = letter(ben)
        deliver()
        leaves(message)
        with transaction.atomic():
            unmerge(merge_id=log, **BY)
        assert may(ben, "care") == may(cem, "care") == "no_consent"

    def test_and_it_goes_with_them_when_they_are_merged_onward(self, inbox, ben, cem, parted):
        for one in (ben, cem):
            says(one)
        message = parted(letter)
        with transaction.atomic():
            dana = add_customer(name="Dana", identities=[], region="DE", **BY)
            merge(kept=dana, merged=cem, **BY)
        leaves(message)
        assert (may(ben, "care"), may(dana, "care")) == ("allowed", "no_consent")
