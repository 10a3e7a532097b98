"""What docs/deploy.md says, tried: Caddy with a certificate of its own authority before a running server."""

import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from tests.conftest import ROOT, require
from tests.proof.running import LOCAL, PATIENCE_SECONDS, free_port, shop, wait_for

pytestmark = pytest.mark.proof
NAME = "regulars.example.org"
STRANGER = "203.0.113.9"
PUBLIC, IN_THE_SHOP = ROOT / "deploy/Caddyfile", ROOT / "deploy/Caddyfile.shop"
# Nothing of this computer is changed: other ports, another folder, and certificates of its own for any name.
AROUND = """
{{
	admin off
	default_bind {local}
	http_port {http}
	https_port {https}
	local_certs
	skip_install_trust
}}
import {file}
"""


class Visitor:
    """A browser that knows Caddy's authority, finds the name here and keeps its cookies."""

    def __init__(self, http: int, https: int, authority: Path) -> None:
        self.http, self.https = http, https
        self.trust = ssl.create_default_context(cafile=str(authority))
        self.cookies: dict[str, str] = {}
        self.set_cookies: list[str] = []

    @property
    def origin(self) -> str:
        return f"https://{NAME}:{self.https}"

    def ask(
        self, method: str, path: str, form: dict[str, str] | None = None, **headers: str
    ) -> tuple[HTTPResponse, str]:
        """Asks by HTTPS, without following anything."""
        connection = HTTPSConnection(NAME, self.https)
        plain = socket.create_connection((LOCAL, self.https), PATIENCE_SECONDS)
        connection.sock = self.trust.wrap_socket(plain, server_hostname=NAME)
        told = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if form is not None:
            told |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.origin}
        body = urlencode(form).encode() if form is not None else None
        connection.request(method, path, body, {**told, **headers})
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        for cookie in response.headers.get_all("Set-Cookie", []):
            self.set_cookies.append(cookie)
            name, value = cookie.partition(";")[0].split("=", 1)
            self.cookies[name] = value
        return response, text

    def follow(self, path: str) -> tuple[str, str]:
        """The page that one comes to, and its path."""
        for _ in range(5):
            response, text = self.ask("GET", path)
            if response.status == 200:
                return path, text
            assert response.status == 302, (response.status, text)
            path = urlsplit(str(response.headers["Location"])).path
        pytest.fail(f"never arrives: {path}")


@contextmanager
def caddy(file: Path, server: int, folder: Path) -> Iterator[Visitor]:
    """Caddy with a file of the repository before a server, and a visitor from outside."""
    require(shutil.which("caddy") is not None, "Caddy")
    http, https = free_port(), free_port()
    settings = folder / "Caddyfile"
    settings.write_text(AROUND.format(local=LOCAL, http=http, https=https, file=file))
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(folder),
        "XDG_DATA_HOME": str(folder / "data"),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "REGULARS_NAME": NAME,
        "REGULARS_SERVER": f"{LOCAL}:{server}",
    }
    process = subprocess.Popen(
        ["caddy", "run", "--config", str(settings), "--adapter", "caddyfile"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    authority = folder / "data/caddy/pki/authorities/local/root.crt"
    certificates = folder / "data/caddy/certificates/local" / NAME
    try:
        wait_for(https, process)
        end = time.monotonic() + PATIENCE_SECONDS
        while not (authority.is_file() and list(certificates.glob("*.crt"))):
            assert time.monotonic() < end, "Caddy makes no certificate"
            time.sleep(0.05)
        yield Visitor(http, https, authority)
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE_SECONDS)


def named(page: str, kind: str) -> str:
    """The name of the first input of a kind."""
    for field in re.findall(r"<input[^>]*>", page):
        if f'type="{kind}"' in field or (kind == "text" and "type=" not in field):
            return str(re.findall(r'name="([^"]+)"', field)[0])
    pytest.fail(f"no input of type {kind}")


@pytest.mark.parametrize("file", [PUBLIC, IN_THE_SHOP], ids=lambda file: file.name)
def test_people_sign_in_by_https_with_cookies_that_go_back_by_https_alone(
    file: Path, tmp_path: Path
) -> None:
    with shop(tmp_path / "shop", "sqlite", REGULARS_HOSTS=NAME) as (here, _):
        here.start()
        with caddy(file, here.port, tmp_path) as visitor:
            plain = HTTPConnection(LOCAL, visitor.http, timeout=PATIENCE_SECONDS)
            plain.request("GET", "/", headers={"Host": NAME})
            moved = plain.getresponse()
            assert (moved.status, moved.headers["Location"][:8]) == (308, "https://")
            path, page = visitor.follow("/")
            assert 'type="password"' in page
            token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[0]
            form = {
                named(page, "text"): "Anna",
                named(page, "password"): "a long password",
                "csrfmiddlewaretoken": token,
            }
            elsewhere, _ = visitor.ask("POST", path, form, Origin="https://elsewhere.example")
            assert elsewhere.status == 403
            done, said = visitor.ask("POST", path, form)
            assert done.status == 302, said
            kept = done.headers.get("Strict-Transport-Security")
            assert (kept is not None) == (file is PUBLIC)
            assert len(visitor.cookies) >= 2
            for cookie in visitor.set_cookies:
                assert {"secure", "httponly", "samesite=lax"} <= {
                    part.strip().lower() for part in cookie.split(";")
                }, cookie
            _, nothing = visitor.ask("GET", "/", Host="elsewhere.example")
            assert nothing == ""


def test_the_proxy_says_who_asked_and_not_what_they_say_of_themselves(tmp_path: Path) -> None:
    heard: list[dict[str, str]] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(dict(self.headers.items()))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            del format, args

    server = ThreadingHTTPServer((LOCAL, 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with caddy(PUBLIC, server.server_port, tmp_path) as visitor:
        visitor.ask("GET", "/", **{"X-Forwarded-For": STRANGER, "X-Forwarded-Proto": "http"})
    server.shutdown()
    server.server_close()
    (told,) = heard
    assert told["X-Forwarded-For"] == LOCAL
    assert told["X-Forwarded-Proto"] == "https"
    assert told["Host"].partition(":")[0] == NAME


def test_the_unit_of_the_service_is_one(tmp_path: Path) -> None:
    require(shutil.which("systemd-analyze") is not None, "systemd")
    program = shutil.which("true")
    unit = (ROOT / "deploy/regulars.service").read_text(encoding="utf-8")
    file = tmp_path / "regulars.service"
    file.write_text(re.sub("(?<=ExecStart=)[^ ]+", str(program), unit), encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", str(file)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
