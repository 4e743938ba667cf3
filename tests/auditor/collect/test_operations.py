"""Every declared read exists in AWS's own service models, in the shape that is declared."""

import re
from typing import Any

import botocore.session
import pytest

from mlaudit.collect.operation import Operation, lists
from mlaudit.collect.plan import declared_operations
from mlaudit.collect.session import ASSUME_ROLE, GET_CALLER

OPERATIONS = (*declared_operations(), GET_CALLER)
LISTINGS = tuple(each for each in OPERATIONS if each.items)
READS = re.compile(r"(Get|List|Lookup|Describe|Search|BatchGet|BatchDescribe)([A-Z]|$)")


def _ids(operation: Operation) -> str:
    return operation.id


@pytest.fixture(scope="module")
def model_of() -> Any:
    session = botocore.session.get_session()

    def find(operation: Operation) -> Any:
        return session.get_service_model(operation.service).operation_model(operation.name)

    return find


@pytest.mark.parametrize("operation", OPERATIONS, ids=_ids)
def test_it_is_a_read_by_its_verb(operation: Operation) -> None:
    assert READS.match(operation.name)


def test_the_one_call_that_is_not_a_read_is_no_part_of_the_scan() -> None:
    assert ASSUME_ROLE not in declared_operations()


@pytest.mark.parametrize("operation", OPERATIONS, ids=_ids)
def test_it_is_an_operation_of_the_service(operation: Operation, model_of: Any) -> None:
    assert model_of(operation).name == operation.name


@pytest.mark.parametrize("operation", OPERATIONS, ids=_ids)
def test_its_iam_action_is_well_formed(operation: Operation) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9-]+:[A-Z][A-Za-z0-9]+", operation.iam_action)


@pytest.mark.parametrize("operation", LISTINGS, ids=_ids)
def test_its_members_are_in_the_model(operation: Operation, model_of: Any) -> None:
    model = model_of(operation)
    assert model.output_shape.members[operation.items].type_name == "list"
    assert model.output_shape.members[operation.token_out].type_name == "string"
    assert model.input_shape.members[operation.token_in].type_name == "string"


@pytest.mark.parametrize("operation", [each for each in LISTINGS if each.page_size], ids=_ids)
def test_its_page_size_is_within_the_limits(operation: Operation, model_of: Any) -> None:
    assert operation.page_size
    member, size = operation.page_size
    limits = model_of(operation).input_shape.members[member].metadata
    assert limits.get("min", 1) <= size <= limits.get("max", size)


@pytest.mark.parametrize("operation", LISTINGS, ids=_ids)
def test_a_listing_that_takes_a_page_size_is_given_one(operation: Operation, model_of: Any) -> None:
    sizes = {"MaxResults", "maxResults", "Limit", "limit", "MaxItems", "MaxRecords"}
    takes = sizes & model_of(operation).input_shape.members.keys()
    assert not takes or operation.page_size


@pytest.mark.parametrize("operation", OPERATIONS, ids=_ids)
def test_a_single_record_is_not_a_listing_in_disguise(operation: Operation, model_of: Any) -> None:
    shape = model_of(operation).output_shape
    tokens = {"NextToken", "nextToken", "NextMarker", "PaginationToken"} & shape.members.keys()
    paged_features = operation.id == "sagemaker:DescribeFeatureGroup"
    assert operation.items or not tokens or paged_features


@pytest.mark.parametrize(
    ("operation", "action"),
    [
        (Operation("sagemaker", "DescribeModel"), "sagemaker:DescribeModel"),
        (Operation("mwaa", "GetEnvironment"), "airflow:GetEnvironment"),
        (Operation("resourcegroupstaggingapi", "GetResources"), "tag:GetResources"),
        (Operation("stepfunctions", "ListExecutions"), "states:ListExecutions"),
        (Operation("s3", "GetX", iam="s3:GetY"), "s3:GetY"),
    ],
    ids=str,
)
def test_its_iam_action_has_the_prefix_of_iam(operation: Operation, action: str) -> None:
    assert operation.iam_action == action


def test_the_common_listing_asks_for_pages_of_a_hundred() -> None:
    assert lists("sagemaker", "ListModels", "Models").page_size == ("MaxResults", 100)
