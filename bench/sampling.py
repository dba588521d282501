"""A sampling profiler: which function has the processor, in CPU time."""

import signal
from collections import Counter
from types import FrameType

_EVERY = 0.001


class Sampler:
    """Counts, for the main thread, the running function and all that wait for it."""

    def __init__(self) -> None:
        self._own: Counter[str] = Counter()
        self._total: Counter[str] = Counter()
        self._samples = 0

    def start(self) -> None:
        """Sample from now on."""
        signal.signal(signal.SIGPROF, self._look)
        signal.setitimer(signal.ITIMER_PROF, _EVERY, _EVERY)

    def stop(self) -> None:
        """Sample no more."""
        signal.setitimer(signal.ITIMER_PROF, 0)

    def report(self, lines: int) -> str:
        """The functions with the largest share of their own, and with those that they call."""
        title = f"{self._samples} samples\n  own%  total%  function"
        rows = [
            f"{self._share(own)} {self._share(self._total[name])}   {name}"
            for name, own in self._own.most_common(lines)
        ]
        widest = [
            f"       {self._share(total)}   {name}"
            for name, total in self._total.most_common(lines)
        ]
        return "\n".join([title, *rows, "by total", *widest])

    def _share(self, count: int) -> str:
        return f"{100 * count / max(self._samples, 1):6.1f}"

    def _look(self, _number: int, frame: FrameType | None) -> None:
        self._samples += 1
        if frame is not None:
            self._own[_name(frame)] += 1
        seen: set[str] = set()
        while frame is not None:
            seen.add(_name(frame))
            frame = frame.f_back
        self._total.update(seen)


def _name(frame: FrameType) -> str:
    code = frame.f_code
    path = "/".join(code.co_filename.split("/")[-2:])
    return f"{path}:{code.co_firstlineno} {code.co_qualname}"
