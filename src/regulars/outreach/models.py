"""The tables of messages, of questions for consent, and of the account that mail goes out by."""

from django.db import models

from regulars.kernel.ids import new_id
from regulars.people.models import Customer, Employee, Identity


class MailAccount(models.Model):
    """The one account that mail goes out by, and the mailbox that returned mail comes to.

    Attributes:
        provider: Of `regulars.outreach.providers.PROVIDERS`, or ``own``.
        security: ``tls`` from the first byte, ``starttls`` before anything is said, or ``none``.
        password: Sealed; it is never shown, exported or logged.
        imprint: What stands below every message, as a postal address.
        worked_at: When a message went out last.
        problem: What stands in the way since, in a code; "" for nothing.
        mailbox_host: "" where nothing is read.
        mailbox_username, mailbox_password: "" for those of sending.
        mailbox_validity, mailbox_seen: How far it was read, as the server counts.
        mailbox_problem: As ``problem``.
    """

    provider = models.CharField(max_length=20)
    host = models.CharField(max_length=253)
    port = models.PositiveIntegerField()
    security = models.CharField(max_length=10)
    username = models.CharField(max_length=254, blank=True)
    password = models.TextField(blank=True)
    sender_name = models.CharField(max_length=120)
    sender_address = models.CharField(max_length=254)
    imprint = models.TextField(blank=True)
    worked_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=40, blank=True)
    mailbox_host = models.CharField(max_length=253, blank=True)
    mailbox_port = models.PositiveIntegerField(default=993)
    mailbox_security = models.CharField(max_length=10, default="tls")
    mailbox_username = models.CharField(max_length=254, blank=True)
    mailbox_password = models.TextField(blank=True)
    mailbox_validity = models.BigIntegerField(default=0)
    mailbox_seen = models.BigIntegerField(default=0)
    mailbox_read_at = models.DateTimeField(null=True)
    mailbox_problem = models.CharField(max_length=40, blank=True)

    def __str__(self) -> str:
        return self.sender_address


class Message(models.Model):
    """One message to one customer, and what became of it.

    Attributes:
        kind: ``letter``, or ``question`` for consent.
        purpose: Of `regulars.people.permission.PURPOSES`; of a question, what it asks for.
        state: Of ``STATES``.
        reason: Why it is in that state, in a code of `regulars.outreach.reasons`; "" for nothing.
        changed_at: Since when.
        address: That it went to, while it is theirs.
        reader: Whose that was then: of those who were one person, not always whom it was written to.
        contact_id: That it took from the budget.
    """

    LETTER, QUESTION = "letter", "question"
    WAITING, SENT, REFUSED, FAILED, BOUNCED = "waiting", "sent", "refused", "failed", "bounced"
    STATES = (WAITING, SENT, REFUSED, FAILED, BOUNCED)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=20)
    purpose = models.CharField(max_length=20)
    language = models.CharField(max_length=2)
    subject = models.CharField(max_length=120, blank=True)
    text = models.TextField(blank=True)
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=120)
    state = models.CharField(max_length=10, default=WAITING)
    reason = models.CharField(max_length=40, blank=True)
    changed_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    address = models.ForeignKey(Identity, models.SET_NULL, null=True, related_name="+")
    reader = models.ForeignKey(Customer, models.SET_NULL, null=True, related_name="+")
    contact_id = models.UUIDField(null=True)

    class Meta:
        """Asked for by customer, and by what went wrong."""

        indexes = (
            models.Index(fields=("customer", "written_at"), name="outreach_of_whom"),
            models.Index(fields=("state", "changed_at"), name="outreach_in_state"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class Question(models.Model):
    """Whether somebody agrees, asked by a message with a link; answered once.

    Attributes:
        expires_at: Until when it can be answered.
        answered_at: When it was.
        text: What they were shown when they agreed.
    """

    message = models.OneToOneField(Message, models.CASCADE, primary_key=True)
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    text = models.TextField(blank=True)

    def __str__(self) -> str:
        return str(self.message_id)


class EmployeeMail(models.Model):
    """A message to somebody who works here about their own signing in; gone once it is sent.

    Attributes:
        employee: To whom; None where nobody was found, and nothing is sent.
        kind: Of ``KINDS``.
        address: Where to.
        code: That it tells, sealed; "" for none.
        expires_at: Until when it is of use.
    """

    SIGN_IN, CONFIRM, CHANGED = "sign_in", "confirm", "changed"
    KINDS = (SIGN_IN, CONFIRM, CHANGED)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    employee = models.ForeignKey(Employee, models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=10)
    address = models.CharField(max_length=254, blank=True)
    code = models.TextField(blank=True)
    language = models.CharField(max_length=2)
    written_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.kind
