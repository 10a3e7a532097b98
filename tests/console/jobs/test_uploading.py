"""Files come from who may hand them in: of anybody else nothing is written, whatever they send."""

import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.console.conftest import came_in

from regulars.console.jobs.uploading import ToDisk
from regulars.jobs.models import Upload
from regulars.people.models import Employee

BOUNDARY = "-----regulars"
TOKEN = "a" * 32
PATIENCE_SECONDS = 20
WRITTEN: list[int] = []


@pytest.fixture(autouse=True)
def home(settings, tmp_path, monkeypatch) -> Path:
    """A home of its own; every byte that is written to it is counted."""
    settings.HOME = tmp_path
    settings.REGULARS_UPLOAD_MB = 1
    WRITTEN.clear()
    taken = ToDisk.receive_data_chunk

    def count(self, raw_data, start):
        WRITTEN.append(len(raw_data))
        assert list(tmp_path.glob("jobs/arriving/*"))
        return taken(self, raw_data, start)

    monkeypatch.setattr(ToDisk, "receive_data_chunk", count)
    return tmp_path


def on_disk(home: Path) -> list[Path]:
    return [path for path in home.rglob("*") if path.is_file()]


def part(name: str, content: bytes, file: str = "") -> bytes:
    called = f'; filename="{file}"' if file else ""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{called}\r\n\r\n'
    return head.encode() + content + b"\r\n"


def answer_to(address: str, *, path: str, body: bytes, said_bytes: int, cookies: str = "") -> str:
    """The status line and head of what is answered to a request as it goes over the line."""
    where = urlsplit(address)
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {where.netloc}\r\nConnection: close\r\n"
        f"Cookie: csrftoken={TOKEN}{cookies}\r\nContent-Length: {said_bytes}\r\n"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n"
    )
    with socket.create_connection((where.hostname, where.port), timeout=PATIENCE_SECONDS) as line:
        line.sendall(head.encode() + body)
        told = b""
        while b"\r\n\r\n" not in told and (more := line.recv(65_536)):
            told += more
    return told.decode(errors="replace")


@pytest.mark.parametrize("path", ["/imports/", "/sign-in/", "/language/", "/nowhere/"])
def test_of_a_stranger_nothing_is_written_nor_waited_for(live_server, founded, home, path) -> None:
    # A token of their own making is good enough for a form; half a gigabyte is said to follow.
    body = part("csrfmiddlewaretoken", TOKEN.encode()) + part("file", b"x" * 200_000, "a.csv")
    told = answer_to(live_server.url, path=path, body=body, said_bytes=500_000_000)
    assert told.split()[1] in ("302", "400", "403", "404", "405"), told
    assert (WRITTEN, on_disk(home)) == ([], [])


@pytest.mark.django_db(transaction=True)
def test_who_works_here_hands_in_over_the_line_what_is_within_the_limit(
    live_server, founded, home
) -> None:
    session = came_in(Employee.objects.get()).cookies["sessionid"].value
    for size, status in ((2_000, "302"), (1_100_000, "413")):
        body = (
            part("csrfmiddlewaretoken", TOKEN.encode())
            + part("file", b"name\n" + b"x" * size, "people.csv")
            + f"--{BOUNDARY}--\r\n".encode()
        )
        told = answer_to(
            live_server.url,
            path="/imports/",
            body=body,
            said_bytes=len(body),
            cookies=f"; sessionid={session}",
        )
        assert told.split()[1] == status, told
    assert max(WRITTEN) < sum(WRITTEN)  # never held as a whole
    assert Upload.objects.count() == 1
    assert [path.name for path in on_disk(home) if "jobs/uploads" in str(path)] == ["people.csv"]
    assert not list(home.glob("jobs/arriving/*"))


def test_who_may_not_take_files_in_leaves_none(signed_in, home) -> None:
    client = signed_in(Employee.ASSOCIATE)
    answer = client.post("/imports/", {"file": SimpleUploadedFile("a.csv", b"name\nAna\n")})
    assert answer.status_code == 403
    assert "This page is for somebody else here." in answer.content.decode()
    assert (WRITTEN, on_disk(home)) == ([], [])


def test_a_one_time_password_opens_no_door_for_files(signed_in, home) -> None:
    client: Client = signed_in(Employee.OWNER)
    Employee.objects.update(one_time_since="2026-06-30T09:00:00Z")
    answer = client.post("/imports/", {"file": SimpleUploadedFile("a.csv", b"name\nAna\n")})
    assert answer.status_code == 302
    assert (WRITTEN, on_disk(home)) == ([], [])


def test_no_other_page_takes_files(owner, home) -> None:
    for address in ("/customers/add/", "/settings/", "/exports/"):
        owner.post(address, {"file": SimpleUploadedFile("a.csv", b"name\nAna\n")})
    assert (WRITTEN, on_disk(home)) == ([], [])


def test_the_limit_is_that_of_all_files_together(owner, home) -> None:
    several = [SimpleUploadedFile(f"{n}.csv", b"x" * 400_000) for n in range(4)]
    for sent in ({"file": several}, {"file": several[0], "more": several[1:]}):
        for one in several:
            one.seek(0)
        answer = owner.post("/imports/", sent)
        assert answer.status_code == 413
        assert "A file may have 1 MB here" in answer.content.decode()
    assert on_disk(home) == []
