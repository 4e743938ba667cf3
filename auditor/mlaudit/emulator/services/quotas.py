"""Service quotas: how many instances of each type may serve, and increases, granted at once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from mlaudit.emulator import models
from mlaudit.emulator.cloud import Call, Handler, Record
from mlaudit.emulator.errors import Refusal
from mlaudit.emulator.services import pages

_KIND = "service-quotas:Quota"
_SERVICE = "sagemaker"
_AT_FIRST = 10.0
"""What a new account may start of each type here; AWS decides by type and account."""


def list_(call: Call) -> Record:
    """List the quotas of SageMaker: of each type that can serve."""
    if call.params["ServiceCode"] != _SERVICE:
        raise Refusal("NoSuchResourceException", "The emulated account knows quotas of SageMaker.")
    rows = [_quota(call, each) for each in _types()]
    return pages.cut(call, rows, member="Quotas", size="MaxResults")


def increase(call: Call) -> Record:
    """Grant more of one quota."""
    code, value = call.params["QuotaCode"], call.params["DesiredValue"]
    known = call.params["ServiceCode"] == _SERVICE and code in map(_code, _types())
    if not known:
        raise Refusal("NoSuchResourceException", f"There is no quota {code}.")
    call.space.table(_KIND)[code] = {"Value": value}
    return {"RequestedQuota": {"QuotaCode": code, "DesiredValue": value, "Status": "APPROVED"}}


def _quota(call: Call, instance_type: str) -> Record:
    code = _code(instance_type)
    return {
        "ServiceCode": _SERVICE,
        "QuotaCode": code,
        "QuotaName": f"{instance_type} for endpoint usage",
        "QuotaArn": call.arn(f"{_SERVICE}/{code}"),
        "Value": call.space.table(_KIND).get(code, {}).get("Value", _AT_FIRST),
        "Adjustable": True,
        "GlobalQuota": False,
    }


def _types() -> list[str]:
    variants: Any = models.inputs(_SERVICE, "CreateEndpointConfig")["ProductionVariants"]
    found: list[str] = variants.member.members["InstanceType"].enum
    return sorted(found)


def _code(instance_type: str) -> str:
    return f"L-{hashlib.sha256(instance_type.encode()).hexdigest()[:8].upper()}"


HANDLERS: Mapping[str, Handler] = {
    "ListServiceQuotas": list_,
    "RequestServiceQuotaIncrease": increase,
}
