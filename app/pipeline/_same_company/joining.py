"""Pairs of rows -> groups, by union-find, with what was decided to be two kept apart."""

from collections.abc import Iterable, Mapping


class Joined:
    """Rows 0 to count - 1, each a group of its own at first.

    `apart` are pairs that must not end in one group: a row without an address may match two
    branches, and must not make one of them.
    """

    def __init__(self, count: int, apart: Iterable[tuple[int, int]]) -> None:
        self._parent = list(range(count))
        self._apart: dict[int, set[int]] = {}
        for one, two in apart:
            self._part(one, two)

    def root(self, row: int) -> int:
        """The row that stands for the group of `row`."""
        while self._parent[row] != row:
            self._parent[row] = self._parent[self._parent[row]]
            row = self._parent[row]
        return row

    def join(self, one: int, two: int) -> bool:
        """Make two groups one; False where they are one already, or must stay apart."""
        small, large = sorted((self.root(one), self.root(two)), key=self._order)
        if small == large or small in self._apart.get(large, ()):
            return False
        self._parent[small] = large
        for other in self._apart.pop(small, ()):
            self._apart[other].discard(small)
            self._part(large, other)
        return True

    def _part(self, one: int, two: int) -> None:
        self._apart.setdefault(one, set()).add(two)
        self._apart.setdefault(two, set()).add(one)

    def _order(self, root: int) -> tuple[int, int]:
        return len(self._apart.get(root, ())), -root


def joined(
    count: int, same: Mapping[tuple[int, int], float], apart: Iterable[tuple[int, int]]
) -> tuple[list[int], list[tuple[int, int]]]:
    """The root of every row, and the pairs that joined groups: the surest first."""
    groups = Joined(count, apart)
    by_weight = sorted(same, key=lambda pair: (-same[pair], pair))
    used = [pair for pair in by_weight if groups.join(*pair)]
    return [groups.root(row) for row in range(count)], used
