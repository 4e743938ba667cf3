"""Where people work is kept by what ties it to version control, never by the repository."""

from typing import Any

import pytest

from mlaudit.collect import environments
from mlaudit.collect.collector import Collector
from mlaudit.resources import WorkEnvironment

HERE = "eu-west-1:111122223333"


def found(collector: Collector, reader: Any) -> list[WorkEnvironment]:
    return [each for each in collector.run(reader) if isinstance(each, WorkEnvironment)]


def facts(some: list[WorkEnvironment]) -> list[tuple[str, bool, bool, bool]]:
    return [(each.name, each.running, each.repository, each.remote) for each in some]


def test_domains_and_spaces_that_are_up_are_kept(account: Any, reader_of: Any) -> None:
    kept = found(environments.studio_environments, reader_of(account))
    assert facts(kept) == [
        ("research", False, False, False),
        ("ana", True, True, False),
        ("ben", False, False, True),
    ]
    assert [each.arn for each in kept] == [
        f"arn:aws:sagemaker:{HERE}:domain/d-one",
        f"arn:aws:sagemaker:{HERE}:space/d-one/ana",
        f"arn:aws:sagemaker:{HERE}:space/d-one/ben",
    ]
    assert "hunter2" not in repr(kept)


@pytest.mark.parametrize("settings", ["DefaultUserSettings", "DefaultSpaceSettings"])
@pytest.mark.parametrize("editor", ["JupyterLabAppSettings", "JupyterServerAppSettings"])
def test_a_repository_of_the_domain_is_one_of_every_space(
    settings: str, editor: str, account: Any, reader_of: Any
) -> None:
    domain = account.reply_to("sagemaker:DescribeDomain", DomainId="d-one")
    domain[settings] = {editor: {"CodeRepositories": [{"RepositoryUrl": "https://git"}]}}
    kept = found(environments.studio_environments, reader_of(account))
    assert [each.repository for each in kept] == [True, True, True]
    assert "sagemaker:DescribeSpace" not in {call for call, _, _ in account.calls}


def test_without_a_domain_no_space_is_asked_for(nothing: Any, reader_of: Any) -> None:
    assert found(environments.studio_environments, reader_of(nothing)) == []
    assert {call for call, _, _ in nothing.calls} == {"sagemaker:ListDomains"}


@pytest.mark.parametrize(
    ("operation", "names"),
    [("sagemaker:DescribeDomain", []), ("sagemaker:DescribeSpace", ["research", "ben"])],
)
def test_what_is_denied_is_a_gap(
    operation: str, names: list[str], account: Any, reader_of: Any
) -> None:
    account.deny(operation)
    reader = reader_of(account)
    kept = found(environments.studio_environments, reader)
    assert [each.name for each in kept] == names
    assert [each.operation for each in reader.ledger.gaps] == [operation]


def test_notebook_instances_that_can_be_used_are_kept(account: Any, reader_of: Any) -> None:
    kept = found(environments.notebook_instances, reader_of(account))
    assert facts(kept) == [
        ("trial", False, True, False),
        ("busy", True, False, False),
    ]
    assert "hunter2" not in repr(kept)
