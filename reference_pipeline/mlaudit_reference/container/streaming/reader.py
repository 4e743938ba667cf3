"""Read the output of the stream: each id once.

The stream keeps each result at least once. A crash between storing a result and settling its id
leaves a second copy, and so does a call that failed and had its effect all the same. The first copy
counts: results of one id share a partition key, so every reader meets them in the same order. In
Athena that is ``row_number() OVER (PARTITION BY record_id ORDER BY sequence) = 1``.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any


class OnceEach:
    """Passes on the first result of each id."""

    def __init__(self, remembered: int | None = None) -> None:
        """Begin with no id seen.

        Args:
            remembered: How many ids are kept in mind, the latest ones. Copies are as far apart as
                the source takes to deliver again, so some hours of ids do; ``None`` keeps all.
        """
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._remembered = remembered

    def of(self, results: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
        """The results that are met for the first time."""
        for each in results:
            key = str(each["record_id"])
            if key in self._seen:
                continue
            self._seen[key] = None
            if self._remembered is not None and len(self._seen) > self._remembered:
                self._seen.popitem(last=False)
            yield each
