"""So many requests a minute from each, evenly, and nobody pays for another."""

from regulars.kernel import limits
from regulars.kernel.limits import Limiter


def test_so_many_a_minute_pass_and_then_one_at_a_time():
    now = [0.0]
    limiter = Limiter(per_minute=2, clock=lambda: now[0])
    assert [limiter.ask("a").wait_seconds for _ in range(3)] == [0, 0, 30]
    assert limiter.ask("b").is_allowed
    now[0] = 30.0
    assert [limiter.ask("a").wait_seconds for _ in range(2)] == [0, 30]


def test_whoever_has_not_asked_for_a_minute_is_forgotten_when_many_have(monkeypatch):
    monkeypatch.setattr(limits, "MOST_KNOWN", 2)
    now = [0.0]
    limiter = Limiter(per_minute=1, clock=lambda: now[0])
    limiter.ask("a")
    now[0] = 59.0
    limiter.ask("b")
    now[0] = 60.0
    limiter.ask("c")
    assert set(limiter.buckets) == {"b", "c"}
    assert not limiter.ask("b").is_allowed
