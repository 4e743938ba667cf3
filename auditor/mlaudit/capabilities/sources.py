"""Where data comes from, and which catalogue lists it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mlaudit.capabilities import provider
from mlaudit.capabilities.data import (
    DATA_JOBS,
    gaps_about,
    inside,
    jobs_of_region,
    jobs_of_window,
    written_by,
)
from mlaudit.evidence import Evidence
from mlaudit.model import Gap
from mlaudit.resources import (
    CatalogDatabase,
    CatalogTable,
    FeatureGroup,
    ProcessingJob,
    TrainingJob,
)
from mlaudit.sight import View

_NO_DATA = re.compile(
    r".*(?:\.(?:py|sh|tar\.gz|zip|whl|ipynb)|/(?:constraints|statistics)\.json|/code/?)",
    re.IGNORECASE,
)
"""Programs, models and baselines that jobs take as inputs."""
_IN_GLUE = "athena:AwsDataCatalog/"


@dataclass(frozen=True, slots=True)
class DataSource:
    """A place that jobs of the window read from, and that no job wrote.

    Attributes:
        arn: One of the jobs.
        place: The place.
        entry: What lists it, in words; ``None`` where nothing does.
        described: Whether the entry has a description.
    """

    arn: str
    place: str
    entry: str | None
    described: bool


@provider
def data_sources(view: View) -> Evidence[DataSource]:
    """The sources of a workload.

    One that the Glue catalogue and the feature store do not list may be in a catalogue that is not
    read, such as DataHub or Collibra: a gap, unless others are listed with a description there.
    """
    read = _read_by(view)
    found = [_source(view, place, arn) for place, arn in sorted(read.items())]
    hiding = gaps_about(view, read, CatalogTable, CatalogDatabase, FeatureGroup)
    glue = any(each.described for each in found)
    items, gaps = [], [*view.gaps(*DATA_JOBS), *_not_in_s3(view)]
    for each in found:
        known = each.place.startswith(("s3://", _IN_GLUE))
        if each.described or (known and not hiding and (each.entry or glue)):
            items.append(each)
        elif hiding:
            gaps += hiding
        else:
            operation, region = "glue:GetTables", view.region.name
            gaps.append(Gap.unread(operation, region, "CatalogueElsewhere", each.place))
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps)))


def _read_by(view: View) -> dict[str, str]:
    """Where jobs of the workload read what no job of the region wrote, with one job for each."""
    made = {each.artifact for each in view.region.all(TrainingJob) if each.artifact}
    for job in jobs_of_region(view):
        made |= set(written_by(job))
    read: dict[str, str] = {}
    for reader in jobs_of_window(view):
        for uri in reader.inputs:
            if not _NO_DATA.fullmatch(uri) and not any(inside(uri, place) for place in made):
                read.setdefault(uri, reader.arn)
        if isinstance(reader, ProcessingJob):
            read.update(dict.fromkeys(reader.queried, reader.arn))
    return read


def _source(view: View, place: str, arn: str) -> DataSource:
    entries = sorted(_entries(view, place), key=lambda entry: (not entry[1], entry[0]))
    entry, described = entries[0] if entries else (None, False)
    return DataSource(arn, place, entry, described)


def _entries(view: View, place: str) -> Iterator[tuple[str, bool]]:
    """What lists a place, in words, and whether it is described."""
    for table in view.region.all(CatalogTable):
        if inside(place, table.location) or inside(table.location, place):
            yield f"table {table.database}.{table.name}", table.described
    for group in view.region.all(FeatureGroup):
        if group.offline_uri and inside(place, group.offline_uri):
            yield f"feature group {group.name}", group.described
    for database in view.region.all(CatalogDatabase):
        if place == f"{_IN_GLUE}{database.name}":
            yield f"database {database.name}", database.described


def _not_in_s3(view: View) -> Iterator[Gap]:
    for job in jobs_of_window(view):
        if isinstance(job, TrainingJob) and job.other_data:
            operation = "sagemaker:DescribeTrainingJob"
            yield Gap.unread(operation, view.region.name, "DataNotInS3", job.arn)
