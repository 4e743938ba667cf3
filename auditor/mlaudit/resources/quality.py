"""What the Glue catalogue's own data quality checks are, and what they found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class DataQualityRuleset:
    """Rules for a table of the Glue data catalogue (``ListDataQualityRulesets``)."""

    arn: str
    region: str
    name: str
    table_arn: str


@dataclass(frozen=True, slots=True)
class DataQualityResult:
    """The newest evaluation of rules on a table by one job (``BatchGetDataQualityResult``)."""

    arn: str
    """The table's ARN followed by ``#`` and the result's id: AWS gives results no ARN."""
    region: str
    table_arn: str
    passed: int
    """How many rules held."""
    failed: int
    """How many did not, or could not be evaluated."""
    schema_only: bool
    """Whether no rule looks at more than the names and types of columns."""
    ended_at: datetime
