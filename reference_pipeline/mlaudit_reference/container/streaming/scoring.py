"""Score records in batches, and find the one that spoils a batch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from mlaudit_reference.container.streaming.patience import Patience
from mlaudit_reference.container.streaming.ports import Model, RefusedError, UnavailableError
from mlaudit_reference.container.streaming.records import Record


@dataclass(frozen=True)
class Batching:
    """How much goes into one request.

    Attributes:
        most: Records.
        most_bytes: Bytes of their lines; a serverless endpoint takes 4 MB in one request.
    """

    most: int = 100
    most_bytes: int = 3_000_000


@dataclass
class Scores:
    """What became of the records, by their keys.

    Attributes:
        scored: Predictions.
        refused: Reasons why the model does not take a record.
        missed: Reasons why a record could not be scored now.
    """

    scored: dict[str, Any] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    missed: dict[str, str] = field(default_factory=dict)


def batches(records: Sequence[Record], batching: Batching) -> Iterator[Sequence[Record]]:
    """Cut records into requests; one that is too large alone goes alone."""
    batch: list[Record] = []
    size = 0
    for each in records:
        if batch and (len(batch) == batching.most or size + len(each.line) > batching.most_bytes):
            yield batch
            batch, size = [], 0
        batch.append(each)
        size += len(each.line)
    if batch:
        yield batch


@dataclass(frozen=True)
class Scorer:
    """Asks the model.

    Attributes:
        model: The endpoint.
        batching: How much goes into one request.
        patience: How often it is asked again.
    """

    model: Model
    batching: Batching
    patience: Patience

    def score(self, records: Sequence[Record], trace_id: str) -> Scores:
        """Score every record, or say why not.

        An endpoint that does not answer after all tries is not asked for the rest: the source
        starts again from the first failure in any case.
        """
        scores = Scores()
        given_up = ""
        for batch in batches(records, self.batching):
            if given_up:
                scores.missed.update((each.key, given_up) for each in batch)
                continue
            try:
                self._score(batch, trace_id, scores)
            except UnavailableError as error:
                given_up = str(error)
                open_ = [each.key for each in batch if each.key not in scores.scored]
                scores.missed.update((key, given_up) for key in open_ if key not in scores.refused)
        return scores

    def _score(self, batch: Sequence[Record], trace_id: str, scores: Scores) -> None:
        """Score a batch; halve it when the model refuses it, until the one at fault is alone."""
        try:
            predictions = self._ask([each.line for each in batch], trace_id)
        except RefusedError as error:
            if len(batch) == 1:
                scores.refused[batch[0].key] = str(error)
                return
            middle = len(batch) // 2
            self._score(batch[:middle], trace_id, scores)
            self._score(batch[middle:], trace_id, scores)
            return
        keys = (each.key for each in batch)
        scores.scored.update(zip(keys, predictions, strict=True))

    def _ask(self, lines: Sequence[bytes], trace_id: str) -> Sequence[Any]:
        """Ask until there is an answer.

        Raises:
            UnavailableError: There was none at the last try.
            RefusedError: The model refuses the request; asking again would not help.
        """
        last = UnavailableError("the endpoint was not asked")
        for _ in self.patience.tries():
            try:
                return self.model.score(lines, trace_id)
            except UnavailableError as error:
                last = error
        raise last
