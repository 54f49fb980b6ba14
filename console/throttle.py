"""Holds back whoever asks too often."""

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable

_REMEMBERED = 10_000


class Throttle:
    """Lets a name through `limit` times `within` so many seconds. Lives in one process; safe between threads."""

    def __init__(self, *, limit: int, within: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.limit = limit
        self.within = within
        self._clock = clock
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, name: str) -> int:
        """Count one try of this name; 0 when it may pass, otherwise the seconds until it may try again."""
        now = self._clock()
        with self._lock:
            tries = self._seen.setdefault(name, deque())
            self._seen.move_to_end(name)
            # A crowd of names must not fill the memory; the longest silent ones are forgotten.
            while len(self._seen) > _REMEMBERED:
                self._seen.popitem(last=False)
            while tries and tries[0] <= now - self.within:
                tries.popleft()
            if len(tries) >= self.limit:
                return max(1, round(tries[0] + self.within - now))
            tries.append(now)
            return 0

    def forget(self, name: str) -> None:
        """Start afresh for this name, since it proved to be in good order."""
        with self._lock:
            self._seen.pop(name, None)
