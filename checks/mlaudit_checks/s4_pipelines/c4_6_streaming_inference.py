"""4.6 Inference support, streaming: only a mature workload may serve a stream."""

from dataclasses import replace

from mlaudit.api import Evidence, Grade, Observation, Status, Verdict, check, decide, exists
from mlaudit.capabilities.streaming import StreamingGate, StreamPath


@check("4.6")
def streaming_inference(paths: Evidence[StreamPath], gate: StreamingGate) -> Verdict:
    """A stream gives nobody time to step in, so 90 % of the checklist comes first.

    Exercised by a live path from a stream to a model while the streaming gate is open; only
    configured by an open gate without a live path, or by a path that is switched off. A live path
    behind a closed gate fails, and is critical. Does not apply without a path and with a closed
    gate.
    """
    path = exists(
        paths, _is_live, when_none=Status.NOT_APPLICABLE, nothing="no stream feeds a model"
    )
    verdict = decide(_joined, path, gate.verdict)
    if verdict.status is not Status.FAIL:
        return verdict
    live = [each.fact for each in verdict.observations if each.grade is Grade.EXERCISED]
    summary = f"a stream reaches a model behind a closed gate: {'; '.join(live)}"
    return replace(verdict, critical=True, summary=summary)


def _joined(parts: tuple[Status, ...]) -> Status:
    path, gate = parts
    if path is Status.PASS:
        return Status.PASS if gate is Status.PASS else Status.FAIL
    if path is Status.NOT_APPLICABLE:
        return Status.PARTIAL if gate is Status.PASS else Status.NOT_APPLICABLE
    return Status.PARTIAL


def _is_live(path: StreamPath) -> Observation:
    grade = Grade.EXERCISED if path.live else Grade.CONFIGURED
    return Observation(path.arn, grade, path.words, path.at)
