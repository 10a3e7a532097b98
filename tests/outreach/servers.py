"""Servers that speak the real protocols, for a test: SMTP by aiosmtpd, IMAP by a few lines of our own."""

import datetime as dt
import ipaddress
import re
import socketserver
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import default
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PASSWORD = "a word for programs"


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's context for localhost, and the file that whoever trusts it needs."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
            ),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "server.pem"
    pem.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context, pem


@dataclass
class Inbox:
    """What an SMTP server took, and how it answers.

    Attributes:
        answers: By command (``MAIL``, ``RCPT``, ``DATA``), what it says instead of yes.
        taken: The envelope's recipients and the message, in order.
    """

    answers: dict[str, str] = field(default_factory=dict)
    taken: list[tuple[list[str], Message]] = field(default_factory=list)
    port: int = 0

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        if "MAIL" in self.answers:
            return self.answers["MAIL"]
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if "RCPT" in self.answers:
            return self.answers["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if "DATA" in self.answers:
            return self.answers["DATA"]
        message = message_from_bytes(envelope.original_content, policy=default)
        self.taken.append((list(envelope.rcpt_tos), message))
        if "HANG_UP" in self.answers:
            server.transport.abort()
        return "250 OK"

    @property
    def mails(self) -> list[Message]:
        return [message for _, message in self.taken]


class _Ready(Controller):
    """aiosmtpd's own, told when the port is known."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def smtp_server(
    *, tls: ssl.SSLContext | None = None, implicit: bool = False, login: bool = False
) -> tuple[Inbox, Controller]:
    """An SMTP server on a free port; the caller stops it."""

    def authenticate(server, session, envelope, mechanism, data) -> AuthResult:
        known = data.login == b"ana@cafe.example" and data.password == PASSWORD.encode()
        return AuthResult(success=known, handled=False)

    inbox = Inbox()
    how = {"ssl_context": tls} if implicit else {"tls_context": tls, "require_starttls": bool(tls)}
    if login:
        how |= {
            "authenticator": authenticate,
            "auth_required": True,
            "auth_require_tls": not implicit,
        }
    controller = _Ready(inbox, hostname="127.0.0.1", port=0, **how)
    controller.start()
    inbox.port = controller.port
    return inbox, controller


@dataclass
class Box:
    """A mailbox as an IMAP server has it."""

    mails: list[bytes] = field(default_factory=list)
    validity: int = 1
    port: int = 0
    commands: list[str] = field(default_factory=list)
    sizes: dict[int, int] = field(default_factory=dict)


class Talk(socketserver.StreamRequestHandler):
    """One client of the IMAP server."""

    @property
    def box(self) -> Box:
        return self.server.box

    def handle(self) -> None:
        with suppress(OSError):
            self.say("* OK [CAPABILITY IMAP4rev1] ready")
            while line := self.rfile.readline():
                tag, command, *rest = line.decode().strip().split(" ", 2)
                self.box.commands.append(" ".join((command, *rest)))
                answer = getattr(self, f"on_{command.lower()}", None)
                if answer is None:
                    self.say(f"{tag} BAD what")
                elif not answer(tag, *rest):
                    self.say(f"{tag} OK done")
                if command == "LOGOUT":
                    return

    def say(self, *lines: str) -> None:
        for line in lines:
            self.wfile.write(line.encode() + b"\r\n")

    def on_capability(self, tag: str) -> None:
        self.say("* CAPABILITY IMAP4rev1")

    def on_login(self, tag: str, rest: str) -> bool:
        refused = f'"{PASSWORD}"' not in rest or "ana@cafe.example" not in rest
        if refused:
            self.say(f"{tag} NO [AUTHENTICATIONFAILED] no")
        return refused

    def on_examine(self, tag: str, rest: str) -> None:
        self.say(f"* {len(self.box.mails)} EXISTS", f"* OK [UIDVALIDITY {self.box.validity}] valid")

    def on_uid(self, tag: str, rest: str) -> None:
        if rest.startswith("SEARCH"):
            first = int(re.search(r"UID (\d+):", rest)[1])
            there = range(1, len(self.box.mails) + 1)
            found = [uid for uid in there if uid >= first] or list(there)[-1:]
            self.say(f"* SEARCH {' '.join(map(str, found))}".strip())
            return
        uid = int(rest.split()[1])
        mail = self.box.mails[uid - 1]
        if "RFC822.SIZE" in rest:
            kind = message_from_bytes(mail).get("Content-Type", "")
            field = f"Content-Type: {kind}\r\n\r\n".encode() if kind else b"\r\n"
            self.say(
                f"* {uid} FETCH (UID {uid} RFC822.SIZE {self.box.sizes.get(uid, len(mail))} "
                f"BODY[HEADER.FIELDS (CONTENT-TYPE)] {{{len(field)}}}"
            )
            self.wfile.write(field + b")\r\n")
        else:
            most = int(re.search(r"<0\.(\d+)>", rest)[1])
            self.say(f"* {uid} FETCH (UID {uid} BODY[]<0> {{{len(mail[:most])}}}")
            self.wfile.write(mail[:most] + b")\r\n")

    def on_logout(self, tag: str) -> None:
        self.say("* BYE")


class ImapServer(socketserver.ThreadingTCPServer):
    """An IMAP4rev1 server (RFC 3501) with as much as reading needs."""

    daemon_threads = True

    def __init__(self, tls: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), Talk)
        self.tls, self.box = tls, Box()
        self.box.port = self.server_address[1]

    def get_request(self):
        connection, address = super().get_request()
        return (
            self.tls.wrap_socket(connection, server_side=True) if self.tls else connection
        ), address

    def handle_error(self, request, client_address) -> None:
        """A client that does not trust us is no error of ours."""


def imap_server(tls: ssl.SSLContext | None = None) -> tuple[Box, ImapServer]:
    """A server that runs; the caller shuts it down."""
    server = ImapServer(tls)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.box, server
