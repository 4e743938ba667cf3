"""How data of a workload is protected: where it lies, with which keys, on which networks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from mlaudit.capabilities import provider
from mlaudit.capabilities.data import DATA_JOBS, bucket_of, gaps_about, jobs_of_window
from mlaudit.capabilities.serving import Placement, placement_gaps, placements, served_models
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, Grade, Observation
from mlaudit.resources import BatchJob, BucketProtection, TrainingJob
from mlaudit.sight import View


@dataclass(frozen=True, slots=True)
class Isolation:
    """Whether the containers of a model that serves, or of a training job, reach a network.

    Attributes:
        arn: The model or the job.
        words: It in words.
        isolated: Whether they reach none.
        in_network: Whether they reach one of the account.
        at: When the job ended.
    """

    arn: str
    words: str
    isolated: bool
    in_network: bool
    at: datetime | None

    def observed(self, grade: Grade, fact: str) -> Observation:
        """An observation about it."""
        return Observation(self.arn, grade, f"{self.words} {fact}", self.at)


@provider
def isolations(view: View) -> Evidence[Isolation]:
    """The models that serve, and the training jobs that ended in the window."""
    served = view.once(served_models)
    items = [
        Isolation(
            arn=each.model.arn,
            words=f"model {each.model.name} {each.where}",
            isolated=each.model.network_isolation,
            in_network=each.model.in_network,
            at=None,
        )
        for each in served.items
    ]
    items += [
        Isolation(job.arn, f"training job {job.name}", job.isolated, job.in_network, job.ended_at)
        for job in _trained(view)
    ]
    gaps = (*served.gaps, *view.gaps(TrainingJob))
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps)))


def _trained(view: View) -> list[TrainingJob]:
    return [job for job in view.items(TrainingJob) if view.window.covers(job.ended_at)]


@dataclass(frozen=True, slots=True)
class TrainingTraffic:
    """A training job of the window on several machines.

    Attributes:
        arn: The job.
        words: It in words.
        encrypted: Whether its machines talk to each other encrypted.
        at: When it ended.
    """

    arn: str
    words: str
    encrypted: bool
    at: datetime | None


@provider
def training_traffic(view: View) -> Evidence[TrainingTraffic]:
    """Those of SageMaker; how nodes of an AWS Batch job talk to each other is not known."""
    items = (
        TrainingTraffic(
            job.arn,
            f"training job {job.name} on {job.instances} machines",
            job.encrypts_traffic,
            job.ended_at,
        )
        for job in _trained(view)
        if job.instances > 1
    )
    unread = (
        Gap.unread("batch:DescribeJobs", view.region.name, "CodeNotRead", each.arn)
        for each in view.items(BatchJob)
        if each.nodes > 1 and view.window.covers(each.ended_at)
    )
    return Evidence(tuple(items), (*view.gaps(TrainingJob, BatchJob), *unread))


@dataclass(frozen=True, slots=True)
class DataAtRest:
    """Something that a workload keeps data on.

    Attributes:
        arn: The job or the endpoint.
        words: What it keeps, in words.
        own_key: Whether it is encrypted with a key that somebody chose.
        at: When the job ended.
    """

    arn: str
    words: str
    own_key: bool
    at: datetime | None


@provider
def data_at_rest(view: View) -> Evidence[DataAtRest]:
    """Volumes and results of training, volumes and recorded requests of endpoints.

    What names no key is encrypted as its bucket says, and is a gap where that was not seen. A
    machine with disks of its own encrypts them by itself.
    """
    items: list[DataAtRest] = []
    gaps = [*view.gaps(TrainingJob), *placement_gaps(view)]
    for job in _trained(view):
        words = f"training job {job.name}"
        if any(_has_volumes(each.instance_type) for each in job.fleets):
            items.append(
                DataAtRest(job.arn, f"{words}: volumes", job.encrypts_volumes, job.ended_at)
            )
        if job.artifact:
            kept = DataAtRest(job.arn, f"{words}: results", job.encrypts_results, job.ended_at)
            _keep(view, kept, job.artifact, items, gaps)
    for place in placements(view):
        _of_endpoint(view, place, items, gaps)
    return Evidence(tuple(dict.fromkeys(items)), tuple(dict.fromkeys(gaps)))


def _of_endpoint(view: View, place: Placement, items: list[DataAtRest], gaps: list[Gap]) -> None:
    arn, config, capture = place.endpoint.arn, place.config, place.config.data_capture
    machines = (place.variant.instance_type, *place.variant.instance_pools)
    if any(_has_volumes(each) for each in machines if each):
        items.append(DataAtRest(arn, f"{place.words}: volumes", config.encrypts_volumes, None))
    if capture and capture.enabled and capture.destination:
        words = f"endpoint {place.endpoint.name}: recorded requests"
        kept = DataAtRest(arn, words, capture.encrypted, None)
        _keep(view, kept, capture.destination, items, gaps)


def _keep(view: View, kept: DataAtRest, uri: str, items: list[DataAtRest], gaps: list[Gap]) -> None:
    """Take what names a key; else as its bucket says, where that was seen."""
    found = view.region.by(BucketProtection, "bucket").get(bucket_of(uri), ())
    if kept.own_key or found:
        own = kept.own_key or found[0].own_key
        items.append(DataAtRest(kept.arn, kept.words, own, kept.at))
    else:
        gaps += gaps_about(view, [uri], BucketProtection) or (_unknown(view, kept.arn),)


def _unknown(view: View, arn: str) -> Gap:
    return Gap.unread("s3:GetBucketEncryption", view.region.name, "BucketNotDescribed", arn)


_DISKS = re.compile(
    r"(?:ml\.)?(?:[a-z]+\d+[a-z]*d[a-z]*|g4dn|g5|g6e?|g7e?|p5\w*|p6\S*|trn\d\w*|dl1)\."
)
"""Families of machines with disks of their own, for which no key can be named."""


def _has_volumes(instance_type: str) -> bool:
    return not _DISKS.match(instance_type)


@dataclass(frozen=True, slots=True)
class DataPlace:
    """A bucket that jobs of the window read.

    Attributes:
        arn: The bucket.
        bucket: Its name.
        here: Whether it is in the region of the jobs.
        place: Its region.
        readers: How many jobs read it.
        at: When the last of them ended.
    """

    arn: str
    bucket: str
    here: bool
    place: str
    readers: int
    at: datetime | None


@provider
def data_places(view: View) -> Evidence[DataPlace]:
    """The buckets by where they are; data that is not in S3 is a gap."""
    jobs = jobs_of_window(view)
    read = {bucket_of(uri) for job in jobs for uri in job.inputs if uri.startswith("s3://")}
    known = view.region.by(BucketProtection, "bucket")
    items = []
    gaps = [*view.gaps(*DATA_JOBS), *_not_in_s3(view)]
    for name in sorted(read):
        readers = [job for job in jobs if name in {bucket_of(uri) for uri in job.inputs}]
        if name in known:
            found = known[name][0]
            here = found.place == view.region.name
            last = max(job.ended_at for job in readers if job.ended_at)
            arn = found.arn.partition("#")[0]
            items.append(DataPlace(arn, name, here, found.place, len(readers), last))
        else:
            gaps += gaps_about(view, [f"s3://{name}/"], BucketProtection) or (
                _unknown(view, readers[0].arn),
            )
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps)))


def _not_in_s3(view: View) -> Iterator[Gap]:
    for job in _trained(view):
        if job.other_data:
            read = "sagemaker:DescribeTrainingJob"
            yield Gap.unread(read, view.region.name, "DataNotInS3", job.arn)
