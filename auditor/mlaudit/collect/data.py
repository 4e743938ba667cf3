"""Collect where data is on record: the Glue catalogue and lineage artefacts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from mlaudit.collect.collector import collector
from mlaudit.collect.operation import lists
from mlaudit.collect.reader import Reader, Record
from mlaudit.resources import (
    Bucket,
    CatalogDatabase,
    CatalogTable,
    DataArtifact,
    ProcessingJob,
    TrainingJob,
    TransformJob,
)

GET_DATABASES = lists("glue", "GetDatabases", "DatabaseList")
GET_TABLES = lists("glue", "GetTables", "TableList")
LIST_ARTIFACTS = lists("sagemaker", "ListArtifacts", "ArtifactSummaries")


@collector(GET_DATABASES, GET_TABLES)
def catalog_tables(reader: Reader, buckets: Sequence[Bucket]) -> Iterator[CatalogTable]:
    """The tables that lie in a bucket which work reads or writes."""
    used = {each.name for each in buckets}
    if not used:
        return
    partition = buckets[0].arn.split(":")[1]

    def tables_of(database: Record) -> list[CatalogTable]:
        name = database["Name"]
        return [
            CatalogTable(
                arn=f"arn:{partition}:glue:{reader.region}:{database.get('CatalogId', '')}"
                f":table/{name}/{each['Name']}",
                region=reader.region,
                name=each["Name"],
                database=name,
                location=_location(each),
                described=bool(each.get("Description") or database.get("Description")),
                snapshots=_format(each) in _KEEPING,
            )
            for each in reader.items(GET_TABLES, DatabaseName=name)
            if _bucket(_location(each)) in used
        ]

    for some in reader.each(list(reader.items(GET_DATABASES)), tables_of):
        yield from some


@collector(GET_DATABASES)
def catalog_databases(
    reader: Reader, processing: Sequence[ProcessingJob]
) -> Iterator[CatalogDatabase]:
    """The databases of the catalogue, where a job queries one."""
    queried = {each for job in processing for each in job.queried}
    if not any(each.startswith(ATHENA) for each in queried):
        return
    partition = processing[0].arn.split(":")[1]
    for each in reader.items(GET_DATABASES):
        yield CatalogDatabase(
            arn=f"arn:{partition}:glue:{reader.region}:{each.get('CatalogId', '')}"
            f":database/{each['Name']}",
            region=reader.region,
            name=each["Name"],
            described=bool(each.get("Description")),
        )


ATHENA = "athena:AwsDataCatalog/"
"""How a queried database begins that is one of the Glue data catalogue."""

_KEEPING = frozenset({"ICEBERG", "DELTA", "HUDI"})
"""Table formats with snapshots that one can go back to."""


def _format(table: Record) -> str:
    parameters = table.get("Parameters") or {}
    named = parameters.get("table_type") or parameters.get("spark.sql.sources.provider") or ""
    return str(named).upper()


def _location(table: Record) -> str:
    found = str((table.get("StorageDescriptor") or {}).get("Location") or "")
    return found.replace("s3a://", "s3://").replace("s3n://", "s3://")


def _bucket(uri: str) -> str:
    return uri.split("/")[2] if uri.startswith("s3://") else ""


@collector(LIST_ARTIFACTS)
def data_artifacts(
    reader: Reader,
    training: Sequence[TrainingJob],
    processing: Sequence[ProcessingJob],
    transforms: Sequence[TransformJob],
) -> Iterator[DataArtifact]:
    """Lineage artefacts of what jobs read and no job of the window wrote."""
    jobs: list[TrainingJob | ProcessingJob | TransformJob] = [*training, *processing, *transforms]
    read = {uri for job in jobs for uri in job.inputs}
    written = {uri for job in processing for uri in job.outputs}
    written |= {job.artifact for job in training if job.artifact}
    written |= {job.output for job in transforms if job.output}

    def artifacts_of(uri: str) -> list[DataArtifact]:
        return [
            DataArtifact(arn=each["ArtifactArn"], region=reader.region, uri=uri)
            for each in reader.items(LIST_ARTIFACTS, uri, SourceUri=uri)
        ]

    for some in reader.each(_others(read, written), artifacts_of):
        yield from some


def _others(read: Iterable[str], written: Iterable[str]) -> list[str]:
    return sorted(set(read) - set(written))
