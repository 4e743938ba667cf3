"""Service quotas of the emulated account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Clients = Callable[..., Any]


def quotas(client: Clients) -> dict[str, Any]:
    pages = client("service-quotas").get_paginator("list_service_quotas")
    found = (each for page in pages.paginate(ServiceCode="sagemaker") for each in page["Quotas"])
    return {each["QuotaName"]: each for each in found}


def test_an_increase_is_granted_at_once(client: Clients) -> None:
    name = "ml.m5.xlarge for endpoint usage"
    before = quotas(client)
    code = before[name]["QuotaCode"]
    asked = {"ServiceCode": "sagemaker", "QuotaCode": code, "DesiredValue": 64.0}
    client("service-quotas").request_service_quota_increase(**asked)
    after = quotas(client)
    assert {each for each in after if after[each] != before[each]} == {name}
    assert after[name]["Value"] == 64.0


@pytest.mark.parametrize(("service", "code"), [("sagemaker", "L-0"), ("ec2", "L-0")])
def test_what_is_not_known_is_refused(service: str, code: str, client: Clients) -> None:
    asked = {"ServiceCode": service, "QuotaCode": code, "DesiredValue": 2.0}
    with pytest.raises(ClientError, match="NoSuchResource"):
        client("service-quotas").request_service_quota_increase(**asked)
