"""Collect how many instances the account may start to serve."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mlaudit.collect.collector import collector
from mlaudit.collect.operation import lists
from mlaudit.collect.reader import Reader
from mlaudit.resources import EndpointConfig, InstanceQuota

LIST_QUOTAS = lists("service-quotas", "ListServiceQuotas", "Quotas")

_TO_SERVE = re.compile(r"(ml\.[\w-]+\.[\w-]+) for endpoint usage")


@collector(LIST_QUOTAS)
def instance_quotas(reader: Reader, configs: Sequence[EndpointConfig]) -> Iterator[InstanceQuota]:
    """How many instances may serve, of each type that an endpoint configuration names."""
    used = {variant.instance_type for each in configs for variant in each.variants} - {None}
    if not used:
        return
    for each in reader.items(LIST_QUOTAS, ServiceCode="sagemaker"):
        named = _TO_SERVE.fullmatch(each["QuotaName"])
        if named and named[1] in used and not each.get("ErrorReason"):
            yield InstanceQuota(
                arn=each["QuotaArn"],
                region=reader.region,
                instance_type=named[1],
                allowed=int(each["Value"]),
            )
