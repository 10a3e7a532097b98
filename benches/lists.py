"""Pages of a large house, asked for by its signed-in owner: what 95 of a hundred answers take.

Two hundred thousand customers with four years of purchases, one of whom sent three thousand and one of whom was here
two thousand times, on SQLite and on PostgreSQL, statistics fresh, one server process; pages one after the other, over
HTTP. What somebody waits for without noticing that they do is `MOST_MILLISECONDS`: a ratio is that over the 95th of a
hundred answers, so 2 is twice as fast as has to be, and below 1 is too slow. The clock is a wall clock; whatever
else the machine does counts.
"""

import re
import statistics
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from pathlib import Path
from random import Random
from urllib.parse import urlencode

from benches import house
from benches.filled import filled, folder_of
from benches.house import CUSTOMERS, OWNER, PASSWORD, TASTE, House
from benches.measure import Measure
from benches.served import served

FOLDER = folder_of("lists")
MOST_MILLISECONDS = 200.0
ASKED = 10  # of each page, a round
TWENTIETH = 20
ORDERS = ("newest", "known", "here", "name", "spent", "brings")
NARROWED = {
    "slipping": "life=slipping",
    "returned": "life=returned",
    "prospects": "life=prospect",
    "champions": "value=champion",
    "unseen": "unseen=90",
    "consent": "consent=news:email",
    "slipping-consent": "life=slipping&consent=news:email",
}
NARROWED_ORDERS = ("newest", "here", "name", "spent")
GOES_ON = re.compile(r'href="([^"]*[?&;](?:after|before)=[^"]*)"')
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
PATIENCE_SECONDS = 60
SEED = 20261123


def run(runs: int) -> dict[str, Measure]:
    """Measure each page by turns, on a shop's own file and on PostgreSQL."""
    found: dict[str, list[float]] = {}
    for database in ("sqlite", "postgresql"):
        with (
            filled(FOLDER, database, module=house.MODULE, size=CUSTOMERS) as (home, address),
            served(home, address, workers=1) as port,
        ):
            for page, took in _asked(port, home, runs).items():
                found[f"{database}-{page}"] = took
                told = (
                    f"half in {statistics.median(took):.0f} ms, 95 of 100 in {_slow(took):.0f} ms"
                )
                sys.stderr.write(f"  {database} {page}: {told}\n")
    return {name: _measure(took, runs) for name, took in found.items()}


def _asked(port: int, home: Path, runs: int) -> dict[str, list[float]]:
    """How many milliseconds each answer took, by page; the first of each is not counted."""
    there = House.read(home)
    visitor, at_place = Visitor(port), Visitor(port, place=there.places[0])
    program = Visitor(port, token=there.token)
    pages = _pages(there, visitor)
    sessions = {"place": at_place, "api": program}
    took: dict[str, list[float]] = {}
    random = Random(SEED)  # noqa: S311
    for turn in range(runs + 1):
        for name, addresses in pages.items():
            whose = sessions.get(name.partition("-")[0], visitor)
            for _ in range(ASKED if turn else 1):
                spent = whose.look(random.choice(addresses))
                if turn:
                    took.setdefault(name, []).append(spent)
        sys.stderr.write(f"  round {turn}/{runs}\n")
    return took


def _pages(there: House, visitor: "Visitor") -> dict[str, Sequence[str]]:
    """The addresses of each page; of several any."""
    orders = {order: f"/customers/?order={order}" for order in ORDERS}
    first = {
        "home": "/",
        **{f"list-{name}": address for name, address in orders.items()},
        **{f"list-{name}-20": visitor.further(address) for name, address in orders.items()},
        **{
            f"list-{name}-{order}": f"/customers/?order={order}&{asked}"
            for name, asked in NARROWED.items()
            for order in NARROWED_ORDERS
        },
        "list-view": f"/customers/?order=spent&life=slipping&consent=news:email&view={there.view}",
        "list-search": f"/customers/?{urlencode({'q': 'Anna Müller'})}",
        "segments": "/segments/",
        "segments-taste": f"/segments/?kind=likes&{urlencode({'subject': TASTE})}",
        "people-slipping": "/segments/people/?life_cycle=slipping",
        "people-champions-20": f"/segments/people/?value=champion&start={30 * TWENTIETH}",
        "people-taste": f"/segments/people/?kind=likes&{urlencode({'subject': TASTE})}",
        **{f"own-{name}": f"/segments/{one}/" for name, one in there.segments.items()},
        "own-text-20": f"/segments/{there.segments['text']}/?start={30 * TWENTIETH}",
        "pictures-quadrants": "/spenders-and-senders/",
        "pictures-rhythm": "/rhythm/",
        "pictures-retention": "/coming-back/",
        "customer-star": f"/customers/{there.star}/",
        "customer-regular": f"/customers/{there.regular}/",
        "timeline-regular-20": visitor.further(f"/customers/{there.regular}/"),
        "place-home": "/",
        "place-list-newest": "/customers/",
        "place-list-spent": "/customers/?order=spent",
        "place-list-here": "/customers/?order=here",
        "api-timeline": f"/api/v1/customers/{there.regular}/timeline",
        "api-timeline-100": f"/api/v1/customers/{there.regular}/timeline?limit=100",
        "api-customers": "/api/v1/customers",
    }
    return {
        **{name: (address,) for name, address in first.items()},
        "customer": [f"/customers/{one}/" for one in there.ordinary],
    }


def _measure(took: list[float], runs: int) -> Measure:
    slow = _slow(took)
    return Measure(
        value=round(slow, 1),
        unit="ms",
        against=f"{MOST_MILLISECONDS:.0f} ms (p95)",
        ratio=round(MOST_MILLISECONDS / slow, 2),
        runs=runs,
        note=f"half of the answers within {statistics.median(took):.1f} ms",
    )


def _slow(took: list[float]) -> float:
    """Within how much 95 of a hundred came."""
    return statistics.quantiles(took, n=20)[18]


class Visitor:
    """The owner, signed in, or a program with a key.

    Args:
        port: Of the server, on this computer.
        place: The id of the one that they look at; "" for everywhere.
        token: A program's key; "" for the owner.
    """

    def __init__(self, port: int, *, place: str = "", token: str = "") -> None:
        self.port = port
        self.cookies: SimpleCookie = SimpleCookie()
        self.token = token
        if token:
            return
        self._post("/sign-in/", "/sign-in/", name=OWNER, password=PASSWORD)
        if place:
            self._post("/", "/place/", place=place, next="/")

    def look(self, address: str) -> float:
        """How many milliseconds a page takes, all of it."""
        start = time.perf_counter()
        status, page = self._ask("GET", address)
        spent = (time.perf_counter() - start) * 1000
        assert status == 200, f"{address}: {status} {page[:500]}"  # noqa: S101
        return spent

    def further(self, address: str) -> str:
        """The address of the twentieth page of a list."""
        for _ in range(TWENTIETH - 1):
            _, page = self._ask("GET", address)
            *_, onward = GOES_ON.findall(page)
            address = onward.replace("&amp;", "&").partition("#")[0]
        return address

    def _post(self, page: str, address: str, **fields: str) -> None:
        _, shown = self._ask("GET", page)
        token = TOKEN.findall(shown)[0]
        status, said = self._ask("POST", address, {**fields, "csrfmiddlewaretoken": token})
        assert status == 302, f"{address}: {status} {said[:500]}"  # noqa: S101

    def _ask(
        self, method: str, address: str, form: dict[str, str] | None = None
    ) -> tuple[int, str]:
        headers = {"Cookie": "; ".join(f"{one.key}={one.value}" for one in self.cookies.values())}
        if self.token:
            headers = {"Authorization": f"Bearer {self.token}"}
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        # Anew each time: a server hangs up on whoever says nothing for long.
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)) as asked:
            asked.request(method, address, urlencode(form) if form else None, headers)
            answer = asked.getresponse()
            page = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            self.cookies.load(cookie)
        return answer.status, page
