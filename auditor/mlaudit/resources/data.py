"""Where data is on record. No field has a default."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CatalogTable:
    """A table of the Glue data catalogue with a place in S3 (``GetTables``)."""

    arn: str
    region: str
    name: str
    database: str
    location: str
    described: bool
    """Whether the table or its database has a description."""
    snapshots: bool
    """Whether its format keeps what it looked like before, as Iceberg does."""


@dataclass(frozen=True, slots=True)
class CatalogDatabase:
    """A database of the Glue data catalogue (``GetDatabases``)."""

    arn: str
    region: str
    name: str
    described: bool


@dataclass(frozen=True, slots=True)
class DataArtifact:
    """A data set that is on record in SageMaker lineage (``ListArtifacts``)."""

    arn: str
    region: str
    uri: str
