"""Doing at once for many callers what each would have to do alone."""

import time
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


class _Call(Generic[Asked, Answer]):
    """One caller's part, and what became of it."""

    __slots__ = ("answer", "asked", "error", "is_alone", "is_done")

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.answer: Answer
        self.error: Exception | None = None
        self.is_done = self.is_alone = False


class Together(Generic[Asked, Answer]):
    """Answers callers on several threads: those who come while it is at work are answered at once.

    Whoever finds it idle does what they asked for. Those who come meanwhile wait, and the first whose turn it
    is does it for all of them. Databases call it a group commit: the more come, the less each costs.

    Args:
        act: Answers several, in their order: all of them, or none.
        patience: Seconds to wait for those who may still come, where several came the last time.

    Attributes:
        waiting: Who is not answered yet.
    """

    def __init__(
        self, act: Callable[[Sequence[Asked]], Sequence[Answer]], *, patience: float = 0.0
    ) -> None:
        self._act, self._patience = act, patience
        self.waiting: list[_Call[Asked, Answer]] = []
        self._turn, self._door = Lock(), Lock()
        self._is_busy = False  # whether several came at once the last time

    def ask(self, asked: Asked) -> Answer:
        """The answer to one caller.

        What is amiss with one is nobody else's: where several cannot be answered at once, each is alone.

        Raises:
            Exception: Whatever ``act`` raises for this caller alone.
        """
        mine: _Call[Asked, Answer] = _Call(asked)
        with self._door:
            self.waiting.append(mine)
        with self._turn:
            if not mine.is_done:
                if self._is_busy:
                    time.sleep(self._patience)
                self._answer_everybody()
        if mine.error is not None:
            raise mine.error
        return self._act((asked,))[0] if mine.is_alone else mine.answer

    def _answer_everybody(self) -> None:
        """Answers whoever waits; the caller is one of them."""
        with self._door:
            some, self.waiting = self.waiting, []
        self._is_busy = len(some) > 1
        for one in some:
            one.is_done = one.is_alone = True
        try:
            answers = self._act([one.asked for one in some])
        except Exception as error:  # noqa: BLE001  (told to whoever asked for it)
            if len(some) == 1:
                some[0].error = error
            return
        for one, answer in zip(some, answers, strict=True):
            one.answer, one.is_alone = answer, False
