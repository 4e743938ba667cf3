"""Macie: which buckets it looks into. What it would find there is not emulated."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from moto.s3.models import s3_backends

from mlaudit.emulator.cloud import Call, Handler, Record
from mlaudit.emulator.errors import Refusal
from mlaudit.emulator.services import pages

_SESSION = "macie2:Session"
_JOB = "macie2:ClassificationJob"
_NIGHTLY = timedelta(hours=9)


def enable(call: Call) -> Record:
    """Switch Macie on."""
    call.space.table(_SESSION)["session"] = {"discovery": False, "createdAt": call.now}
    return {}


def discover(call: Call) -> Record:
    """Switch automated discovery on or off."""
    _session(call)["discovery"] = call.params["status"] == "ENABLED"
    return {}


def create_job(call: Call) -> Record:
    """Create a classification job; it runs at once."""
    _session(call)
    job_id = call.token(_JOB, 32)
    call.space.table(_JOB)[job_id] = {**call.params, "createdAt": call.now}
    return {"jobId": job_id, "jobArn": call.arn(f"classification-job/{job_id}")}


def describe(call: Call) -> Record:
    """Describe the buckets of the region, or those that a filter names."""
    session = _session(call)
    named = call.params.get("criteria", {}).get("bucketName", {}).get("eq")
    buckets = s3_backends[call.account]["aws"].buckets.values()
    rows = [
        _bucket(call, each.name, session)
        for each in buckets
        if each.region_name == call.region and (named is None or each.name in named)
    ]
    return pages.cut(call, rows, member="buckets", default=50)


def _bucket(call: Call, name: str, session: Record) -> Record:
    record: Record = {
        "accountId": call.account,
        "bucketArn": f"arn:aws:s3:::{name}",
        "bucketName": name,
        "region": call.region,
        "automatedDiscoveryMonitoringStatus": (
            "MONITORED" if session["discovery"] else "NOT_MONITORED"
        ),
        "jobDetails": _jobs(call, name),
    }
    if session["discovery"]:
        record["lastAutomatedDiscoveryTime"] = call.now - _NIGHTLY
    return record


def _jobs(call: Call, name: str) -> Record:
    jobs = [
        job
        for job in call.space.rows(_JOB)
        for each in job["s3JobDefinition"].get("bucketDefinitions", [])
        if name in each["buckets"]
    ]
    repeats = any(job["jobType"] == "SCHEDULED" for job in jobs)
    details: Record = {
        "isDefinedInJob": str(bool(jobs)).upper(),
        "isMonitoredByJob": str(repeats).upper(),
    }
    return details | ({"lastJobRunTime": jobs[-1]["createdAt"]} if jobs else {})


def _session(call: Call) -> Record:
    session = call.space.table(_SESSION).get("session")
    if session is None:
        raise Refusal("AccessDeniedException", "Macie is not enabled.", status=403)
    return session


HANDLERS: Mapping[str, Handler] = {
    "CreateClassificationJob": create_job,
    "DescribeBuckets": describe,
    "EnableMacie": enable,
    "UpdateAutomatedDiscoveryConfiguration": discover,
}
