"""Takes the pictures that the README shows, of the demo's café as it looks now.

``make pictures`` calls it: ``python docs/pictures.py FOLDER``, the demo's folder, from the repository's root.
"""

import sys
from pathlib import Path
from secrets import token_urlsafe
from subprocess import DEVNULL, Popen
from time import sleep

from playwright.sync_api import Browser, sync_playwright

from regulars.project.server import LOCAL, is_taken, set_up

CHROMIUM = "/usr/bin/chromium"
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run")
PORT = 8472
REPORT, CONSOLE = {"width": 1100, "height": 2475}, {"width": 1280, "height": 1250}


def cookie_of_the_owner() -> str:
    """A session of the café's owner, who has chosen a password and signed in."""
    from django.test import Client  # noqa: PLC0415  (once Django is set up)

    from regulars.people.models import Employee  # noqa: PLC0415
    from regulars.people.services import change_password  # noqa: PLC0415

    owner = Employee.objects.get(role=Employee.OWNER)
    change_password(employee_id=owner.id, password=token_urlsafe())
    client = Client()
    client.force_login(Employee.objects.get(id=owner.id))
    return client.cookies["sessionid"].value


def photographed(
    browser: Browser, address: str, to: Path, size: dict[str, int], cookie: str = ""
) -> None:
    """Takes the top of a page."""
    context = browser.new_context(viewport=size, locale="en-GB")  # type: ignore[arg-type]
    if cookie:
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": address}])
    page = context.new_page()
    page.goto(address)
    page.screenshot(path=to)
    context.close()


def main(demo: Path) -> None:
    """Photographs the report, and the console with the café's home."""
    docs, home = Path(__file__).parent, (demo / "home").absolute()
    set_up(home)
    cookie = cookie_of_the_owner()
    command = [sys.executable, "-m", "regulars", "start", "--home", str(home), "--port", str(PORT)]
    with Popen([*command, "--no-browser", "--no-worker"], stdout=DEVNULL) as server:  # noqa: S603
        while not is_taken(LOCAL, PORT):
            sleep(0.1)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            report = (demo / "report.html").absolute().as_uri()
            photographed(browser, report, docs / "report.png", REPORT)
            address = f"http://{LOCAL}:{PORT}/"
            photographed(browser, address, docs / "console.png", CONSOLE, cookie)
            browser.close()
        server.terminate()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
