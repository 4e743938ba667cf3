"""Put a registered version to use: in a batch, in real time over HTTP, and on a stream."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from mlaudit_reference.container.streaming.ports import Log
from mlaudit_reference.local import service
from mlaudit_reference.local.dataset import record_of, rows_of
from mlaudit_reference.local.failures import LocalRunError
from mlaudit_reference.local.registration import Live
from mlaudit_reference.local.scoring import probabilities, score
from mlaudit_reference.local.stream import proof
from mlaudit_reference.local.workplace import Workplace

_REQUESTS = 200


@dataclass(frozen=True)
class Used:
    """What came of it.

    Attributes:
        scored: Records scored in a batch.
        latency: Real-time answers.
        stream: The proof of streaming.
    """

    scored: int
    latency: service.Latency
    stream: proof.Proof


def use(place: Workplace, live: Live, streamed: int) -> Used:
    """Score the test data in a batch, then serve the model and stream records to it.

    Args:
        place: Where.
        live: The version.
        streamed: Records to stream; fewer if the test data has fewer.

    Raises:
        StepFailedError: A step failed.
        LocalRunError: A record was lost, doubled or mistaken for another.
    """
    place.tell("Scoring the test data in a batch")
    expected = probabilities(score(place, "batch", live.model, live.prepared.test))
    dataset = live.prepared.dataset
    records = [record_of(each, dataset) for each in rows_of(live.prepared.test, streamed)]
    breaks = dataset.numeric[0]
    traffic = proof.Traffic(records, dataset.record_id, breaks, expected, live.seed)
    place.tell("Serving the model over HTTP")
    with service.serving(place, live.model) as endpoint, _log_of(place, "stream") as log:
        latency = service.measured(endpoint, records[:_REQUESTS])
        place.tell(f"Streaming {len(records)} records, with failures on purpose")
        proved = proof.prove(traffic, endpoint, log)
    if not proved.holds:
        raise LocalRunError(f"Streaming lost, doubled or mistook records: {asdict(proved)}")
    return Used(len(expected), latency, proved)


@contextmanager
def _log_of(place: Workplace, step: str) -> Iterator[Log]:
    """A log of JSON lines, as the containers write them."""
    place.step(step).mkdir(parents=True, exist_ok=True)
    with (place.step(step) / "log.txt").open("w", encoding="utf-8") as file:

        def log(event: str, **fields: object) -> None:
            file.write(json.dumps({"event": event, **fields}, default=str) + "\n")

        yield log
