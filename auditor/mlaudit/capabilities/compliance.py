"""Whether personal data is looked for, and whether it is known what columns are made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mlaudit.capabilities import provider
from mlaudit.capabilities.data import (
    DATA_JOBS,
    bucket_of,
    gaps_about,
    inside,
    jobs_of_window,
    written_by,
)
from mlaudit.capabilities.validation import tables_read
from mlaudit.evidence import Evidence
from mlaudit.model import Gap
from mlaudit.resources import CatalogTable, DatasetLineage, PersonalDataScan
from mlaudit.sight import View


@dataclass(frozen=True, slots=True)
class PersonalDataSearch:
    """A bucket of a workload in which something looks for personal data.

    Attributes:
        arn: What Macie knows of the bucket.
        bucket: Its name.
        searched: Whether it was searched in the window.
        at: When it was last searched.
    """

    arn: str
    bucket: str
    searched: bool
    at: datetime | None


@provider
def personal_data_searches(view: View) -> Evidence[PersonalDataSearch]:
    """Every bucket of a workload; one that Macie does not watch another tool may search: a gap."""
    uris = _places(view)
    scans = view.region.by(PersonalDataScan, "bucket")
    hiding = gaps_about(view, uris, PersonalDataScan)
    items: list[PersonalDataSearch] = []
    gaps = list(view.gaps(*DATA_JOBS))
    for name in sorted({bucket_of(uri) for uri in uris}):
        scan = next(iter(scans.get(name, ())), None)
        if scan and (scan.watched or view.window.covers(scan.scanned_at)):
            searched = view.window.covers(scan.scanned_at)
            items.append(PersonalDataSearch(scan.arn, name, searched, scan.scanned_at))
        else:
            read, region = "macie2:DescribeBuckets", view.region.name
            elsewhere = Gap.unread(read, region, "PersonalDataElsewhere", name)
            gaps += hiding or (elsewhere,)
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps)))


def _places(view: View) -> set[str]:
    jobs = jobs_of_window(view)
    found = {uri for job in jobs for uri in (*job.inputs, *written_by(job))}
    return {uri for uri in found if uri.startswith("s3://")}


@dataclass(frozen=True, slots=True)
class ColumnLineage:
    """A data set of a workload whose making was told to a catalogue.

    Attributes:
        arn: The event.
        place: The data set.
        columns: Whether it tells what its columns were made of.
        at: When it was made.
    """

    arn: str
    place: str
    columns: bool
    at: datetime


@provider
def column_lineages(view: View) -> Evidence[ColumnLineage]:
    """The lineage events for data of a workload; without columns another tool may know: a gap."""
    uris = _places(view)
    tables = {each.arn for each in tables_read(view)}
    items = tuple(
        ColumnLineage(each.arn, each.place, each.columns, each.at)
        for each in view.region.all(DatasetLineage)
        if each.place in tables
        or any(inside(uri, each.place) or inside(each.place, uri) for uri in uris)
    )
    gaps = (*view.gaps(*DATA_JOBS), *gaps_about(view, uris, DatasetLineage, CatalogTable))
    if uris and not any(each.columns for each in items):
        about = view.workload or view.region.name
        operation, region = "datazone:ListLineageEvents", view.region.name
        gaps += (Gap.unread(operation, region, "ColumnsTracedElsewhere", about),)
    return Evidence(items, tuple(dict.fromkeys(gaps)))
