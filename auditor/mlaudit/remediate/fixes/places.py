"""Where a workload can keep more data: in a bucket that it writes to already."""

from __future__ import annotations

from collections import Counter

from mlaudit.capabilities.data import bucket_of, jobs_of_window, written_by
from mlaudit.resources import Bucket, BucketProtection, EndpointConfig, TrainingJob
from mlaudit.sight import View


def bucket_for_requests(view: View, config: EndpointConfig) -> str | None:
    """The bucket to keep requests of an endpoint in: the one it names, or one of the workload.

    It is in the region, and what is written to it is encrypted: S3 does that with every bucket, and
    one with a key of its own comes first. ``None`` where no bucket was seen to be so.

    Args:
        view: The workload.
        config: What the endpoint serves with.
    """
    named = config.data_capture and config.data_capture.destination
    if named:
        return bucket_of(named) if bucket_of(named) in _here(view) else None
    used = _written_to(view)
    here = _here(view)
    fitting = [name for name in used if name in here and view.region.by(Bucket, "name").get(name)]
    return min(fitting, key=lambda name: (not here[name], -used[name], name), default=None)


def _here(view: View) -> dict[str, bool]:
    """The buckets that were seen in this region, and whether each has a key of its own."""
    found = view.region.all(BucketProtection)
    return {each.bucket: each.own_key for each in found if each.place == view.region.name}


def _written_to(view: View) -> Counter[str]:
    """The buckets that jobs of the workload wrote to in the window, by how often."""
    jobs = jobs_of_window(view)
    places = [uri for job in jobs for uri in written_by(job)]
    places += [job.artifact for job in jobs if isinstance(job, TrainingJob) and job.artifact]
    return Counter(bucket_of(uri) for uri in places if uri.startswith("s3://"))
