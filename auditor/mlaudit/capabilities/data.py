"""Data at rest: what keeps its history, who knows its origin, and what a model was trained on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mlaudit.capabilities import provider
from mlaudit.capabilities.registry import ServedVersion, served_versions
from mlaudit.capabilities.serving import PLACEMENT_KINDS, placement_gaps, placements
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason
from mlaudit.resources import (
    Bucket,
    CatalogTable,
    DataArtifact,
    FeatureGroup,
    ProcessingJob,
    TrainingJob,
    TransformJob,
)
from mlaudit.sight import View

_Job = TrainingJob | ProcessingJob | TransformJob


@dataclass(frozen=True, slots=True)
class DataStore:
    """A bucket whose data a workload read or wrote in the window.

    Attributes:
        arn: The bucket.
        name: Its name.
        locations: How many places in it the workload uses.
        unkept: Those that do not keep what they looked like before.
        unrecorded: Those of which nothing on record tells the origin.
    """

    arn: str
    name: str
    locations: int
    unkept: tuple[str, ...]
    unrecorded: tuple[str, ...]


@provider
def data_stores(view: View) -> Evidence[DataStore]:
    """Every bucket whose facts were all seen. Data that is not in S3 is a gap."""
    jobs = jobs_of_window(view)
    places: dict[str, set[str]] = defaultdict(set)
    for uri in {uri for job in jobs for uri in (*job.inputs, *written_by(job))}:
        places[bucket_of(uri)].add(uri)
    unread = tuple(
        Gap.unread("sagemaker:DescribeTrainingJob", view.region.name, "DataNotInS3", job.arn)
        for job in jobs
        if isinstance(job, TrainingJob) and job.other_data
    )
    uris = {uri for some in places.values() for uri in some}
    gaps = (*view.gaps(*DATA_JOBS), *gaps_about(view, uris), *unread)
    found = (_store(view, name, some) for name, some in sorted(places.items()))
    items = tuple(each for each in found if each and not _hidden(view, each))
    if len(items) < len(places):
        gaps += view.gaps(*_FACTS)  # whatever hid one of them, near or far, is named
        gaps += _gone(view, uris)
    return Evidence(items, tuple(dict.fromkeys(gaps)))


DATA_JOBS = (TrainingJob, ProcessingJob, TransformJob)
_FACTS = (Bucket, CatalogTable, DataArtifact, FeatureGroup)


def jobs_of_window(view: View) -> tuple[_Job, ...]:
    """The jobs of a workload that ended in the window."""
    every: list[_Job] = [*view.items(TrainingJob), *view.items(ProcessingJob)]
    every += view.items(TransformJob)
    return tuple(job for job in every if view.window.covers(job.ended_at))


def written_by(job: _Job) -> tuple[str, ...]:
    """Where a job writes data; a model's artefact is the registry's concern."""
    if isinstance(job, ProcessingJob):
        return job.outputs
    if isinstance(job, TransformJob):
        return (job.output,) if job.output else ()
    return ()


def _store(view: View, name: str, uris: set[str]) -> DataStore | None:
    bucket = _bucket(view, name)
    if bucket is None:
        return None
    return DataStore(
        arn=bucket.arn,
        name=name,
        locations=len(uris),
        unkept=tuple(sorted(uri for uri in uris if not _keeps(view, uri))),
        unrecorded=tuple(sorted(uri for uri in uris if not _on_record(view, uri))),
    )


def _hidden(view: View, store: DataStore) -> bool:
    """Whether something that was not seen could show a place of it in a better light."""
    history = bool(store.unkept) and not view.sees(CatalogTable, FeatureGroup)
    missing = {gap.subject for gap in view.gaps(DataArtifact)} & {None, *store.unrecorded}
    origin = bool(missing) or not view.sees(CatalogTable, FeatureGroup, *DATA_JOBS)
    return history or (bool(store.unrecorded) and origin)


def _keeps(view: View, uri: str) -> bool:
    """Whether a place keeps its past: a versioned bucket, a table format, a feature store."""
    bucket = _bucket(view, bucket_of(uri))
    return (
        (bucket is not None and bucket.versioned)
        or any(inside(uri, each.location) for each in _tables(view) if each.snapshots)
        or any(inside(uri, each) for each in _offline(view))
    )


def _on_record(view: View, uri: str) -> bool:
    """Whether a job made it, the catalogue lists it, or lineage has it as an artefact."""
    jobs = (*view.region.all(TrainingJob), *jobs_of_region(view))
    made = {place for job in jobs for place in _places_made(job)}
    return (
        any(inside(uri, each) for each in made)
        or any(inside(uri, each.location) for each in _tables(view))
        or any(inside(uri, each) for each in _offline(view))
        or uri in view.region.by(DataArtifact, "uri")
    )


def jobs_of_region(view: View) -> tuple[_Job, ...]:
    """The jobs of a region that write data."""
    return (*view.region.all(ProcessingJob), *view.region.all(TransformJob))


def _places_made(job: _Job) -> tuple[str, ...]:
    if isinstance(job, TrainingJob):
        return (job.artifact,) if job.artifact else ()
    return written_by(job)


def _tables(view: View) -> tuple[CatalogTable, ...]:
    return view.region.all(CatalogTable)


def _offline(view: View) -> Iterator[str]:
    yield from (each.offline_uri for each in view.region.all(FeatureGroup) if each.offline_uri)


def _bucket(view: View, name: str) -> Bucket | None:
    found = view.region.by(Bucket, "name").get(name, ())
    return found[0] if found else None


def bucket_of(uri: str) -> str:
    """The bucket of a place in S3."""
    return uri.split("/")[2] if uri.startswith("s3://") else uri


def inside(uri: str, place: str) -> bool:
    """Whether a place in S3 lies in another, or is it."""
    return f"{uri.rstrip('/')}/".startswith(f"{place.rstrip('/')}/")


def gaps_about(view: View, uris: Iterable[str], *kinds: type) -> tuple[Gap, ...]:
    """What hides facts of these places; what another bucket hides does not matter here."""
    mine = {*uris}
    mine |= {f"arn:{part}:s3:::{bucket_of(uri)}" for uri in uris for part in _PARTITIONS}
    found = view.gaps(*(kinds or _FACTS))
    other = ("s3://", *(f"arn:{part}:s3:::" for part in _PARTITIONS))
    return tuple(
        gap for gap in found if gap.subject in mine or not (gap.subject or "").startswith(other)
    )


def _gone(view: View, uris: Iterable[str]) -> tuple[Gap, ...]:
    """The buckets of these places that are not there, where nothing else says why."""
    told = {gap.subject and gap.subject.rpartition(":")[2] for gap in view.gaps(Bucket)}
    if None in told:
        return ()
    missing = sorted({bucket_of(uri) for uri in uris if not _bucket(view, bucket_of(uri))} - told)
    read, region = "s3:GetBucketVersioning", view.region.name
    return tuple(
        Gap(read, region, "Deleted", GapReason.GONE, None, f"arn:aws:s3:::{name}")
        for name in missing
    )


_PARTITIONS = ("aws", "aws-cn", "aws-us-gov")


@dataclass(frozen=True, slots=True)
class TrainingData:
    """The data a model that serves was trained on.

    Attributes:
        version: The model.
        places: Where its training jobs read.
        mutable: Those of these places that do not keep their past.
    """

    version: ServedVersion
    places: tuple[str, ...]
    mutable: tuple[str, ...]


@provider
def training_data(view: View) -> Evidence[TrainingData]:
    """The data behind every model that serves; what cannot be traced to S3 is a gap."""
    seen = view.once(served_versions)
    items: list[TrainingData] = []
    gaps = list(seen.gaps)
    for version in seen.items:
        code = _untraced(version)
        if code:
            read = "sagemaker:DescribeTrainingJob"
            gaps.append(Gap.unread(read, view.region.name, code, version.arn))
            continue
        places = {uri for job in version.jobs for uri in job.inputs}
        gaps += gaps_about(view, places)
        mutable = tuple(sorted(uri for uri in places if not _keeps(view, uri)))
        known = all(_bucket(view, bucket_of(uri)) for uri in mutable)
        if not mutable or (known and view.sees(CatalogTable, FeatureGroup)):
            items.append(TrainingData(version, tuple(sorted(places)), mutable))
        else:
            gaps += (*view.gaps(*_FACTS), *_gone(view, mutable))
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps)))


def _untraced(version: ServedVersion) -> str | None:
    if not version.jobs:
        return "OriginNotFound"
    return "DataNotInS3" if any(job.other_data for job in version.jobs) else None


@dataclass(frozen=True, slots=True)
class FeatureStore:
    """A feature group of a workload, or one that its jobs read.

    Attributes:
        arn: The feature group.
        name: Its name.
        described: Whether it has a description.
        offline_read: Whether a job of the window read its offline store.
        online: Whether it has an online store.
        online_needed: Whether the workload answers requests while the caller waits.
    """

    arn: str
    name: str
    described: bool
    offline_read: bool
    online: bool
    online_needed: bool


@provider
def feature_stores(view: View) -> Evidence[FeatureStore]:
    """The feature groups of a workload. Without one, a store outside of AWS may hold features."""
    read = {uri for job in jobs_of_window(view) for uri in job.inputs}
    own = {each.arn for each in view.items(FeatureGroup)}
    real_time = any(not each.config.asynchronous for each in placements(view))
    items = tuple(
        FeatureStore(
            arn=each.arn,
            name=each.name,
            described=each.described,
            offline_read=used,
            online=each.online,
            online_needed=real_time,
        )
        for each in view.region.all(FeatureGroup)
        if each.status in {None, "Created"}
        for used in [_is_read(each, read)]
        if used or each.arn in own
        if each.online or real_time or view.sees(*PLACEMENT_KINDS)
    )
    gaps = (*view.gaps(FeatureGroup, *DATA_JOBS), *placement_gaps(view))
    if not items:
        operation, region = "sagemaker:ListFeatureGroups", view.region.name
        gaps += (Gap.unread(operation, region, "StoreOutsideAws", region),)
    return Evidence(items, tuple(dict.fromkeys(gaps)))


def _is_read(group: FeatureGroup, uris: Iterable[str]) -> bool:
    place = group.offline_uri
    return place is not None and any(inside(uri, place) or inside(place, uri) for uri in uris)
