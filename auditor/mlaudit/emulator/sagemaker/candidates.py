"""The candidates of AutoML jobs; only the best one is emulated."""

from __future__ import annotations

from mlaudit.emulator.cloud import Call, Record
from mlaudit.emulator.sagemaker import listing, records


def list_(call: Call) -> Record:
    """List the candidates of an AutoML job."""
    job = records.find(call, "AutoMLJob")
    best = job.get("BestCandidate")
    rows = [best | {"_arn": job["_arn"], "_kind": "Candidate"}] if best else []
    ignoring = frozenset({"AutoMLJobName"})
    return listing.answer(call, "Candidate", rows, ignoring=ignoring)
