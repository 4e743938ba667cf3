"""Which reads a check may use."""

import pytest

from mlaudit.catalog import Check, catalogue, check
from mlaudit.evidence import Evidence, exists
from mlaudit.footprint import operations_of
from mlaudit.model import Grade, Observation, Verdict
from mlaudit.resources import KinesisStream

CHECKS = catalogue().checks


def ids(judged: Check) -> set[str]:
    return {operation.id for operation in operations_of(judged)}


@check("1.1")
def of_a_resource(streams: Evidence[KinesisStream]) -> Verdict:
    return exists(streams, lambda each: Observation(each.arn, Grade.EXERCISED, "it is there"))


@pytest.mark.parametrize(
    ("judged", "some", "none"),
    [
        (of_a_resource, {"kinesis:ListStreams"}, {"cloudwatch:DescribeAlarms"}),
        (CHECKS["1.1"], {"s3:GetBucketVersioning", "glue:GetTables"}, {"logs:DescribeLogGroups"}),
        (CHECKS["4.11"], {"logs:DescribeLogGroups"}, {"glue:GetTables"}),
        (CHECKS["6.errors"], {"cloudwatch:DescribeAlarms"}, {"s3:GetBucketVersioning"}),
        (CHECKS["4.6"], {"lambda:ListEventSourceMappings"}, {"glue:GetTables"}),
    ],
    ids=["resource", "1.1", "4.11", "6.errors", "4.6"],
)
def test_the_reads_are_those_of_what_the_check_looks_at(
    judged: Check, some: set[str], none: set[str]
) -> None:
    found = ids(judged)
    assert some <= found
    assert not none & found


def test_a_check_of_the_code_alone_reads_nothing_of_the_account() -> None:
    assert ids(CHECKS["5.1"]) == set()
