"""Callers on several threads are answered together, and each as if alone."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from regulars.kernel.together import Together


def test_whoever_comes_alone_is_answered_alone():
    groups = []
    doubled = Together(lambda some: groups.append(list(some)) or [2 * one for one in some])
    assert [doubled.ask(1), doubled.ask(2)] == [2, 4]
    assert groups == [[1], [2]]


def test_those_who_come_meanwhile_are_answered_at_once_each_with_their_own():
    groups, first_is_in, go_on = [], threading.Event(), threading.Event()

    def act(some):
        groups.append(sorted(some))
        first_is_in.set()
        go_on.wait(5)
        return [2 * one for one in some]

    doubled = Together(act)
    with ThreadPoolExecutor(5) as pool:
        first = pool.submit(doubled.ask, 0)
        assert first_is_in.wait(5)
        others = [pool.submit(doubled.ask, number) for number in range(1, 5)]
        while len(doubled.waiting) < 4:
            time.sleep(0.001)
        go_on.set()
        assert [one.result() for one in (first, *others)] == [0, 2, 4, 6, 8]
    assert groups == [[0], [1, 2, 3, 4]]


def test_what_is_amiss_with_one_is_told_to_that_one_alone():
    first_is_in, go_on = threading.Event(), threading.Event()

    def act(some):
        first_is_in.set()
        go_on.wait(5)
        if 2 in some:
            raise ValueError(2)
        return list(some)

    same = Together(act)
    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(same.ask, 0)
        assert first_is_in.wait(5)
        others = [pool.submit(same.ask, number) for number in (1, 2, 3)]
        while len(same.waiting) < 3:
            time.sleep(0.001)
        go_on.set()
        assert [first.result(), others[0].result(), others[2].result()] == [0, 1, 3]
        with pytest.raises(ValueError, match="2"):
            others[1].result()


def test_many_at_the_same_time_each_get_their_own_answer():
    squares = Together(lambda some: [one * one for one in some], patience=0.0001)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(squares.ask, range(2_000))) == [one * one for one in range(2_000)]
