"""How many instances may serve: of the types that are used, and of no other."""

from typing import Any

from mlaudit.collect import quotas
from mlaudit.resources import EndpointConfig, InstanceQuota, Variant
from mlaudit.testing import build


def test_quotas_of_types_that_serve_are_kept(account: Any, reader_of: Any) -> None:
    types = ("ml.m5.large", "ml.g5.xlarge", None)
    variants = tuple(build(Variant, instance_type=each) for each in types)
    config = build(EndpointConfig, variants=variants)
    assert list(quotas.instance_quotas.run(reader_of(account), [config])) == [
        InstanceQuota(
            arn="arn:aws:servicequotas:eu-west-1:111122223333:sagemaker/L-1",
            region="eu-west-1",
            instance_type="ml.m5.large",
            allowed=4,
        )
    ]


def test_without_instances_no_quota_is_asked_for(account: Any, reader_of: Any) -> None:
    config = build(EndpointConfig, variants=(build(Variant, instance_type=None),))
    assert list(quotas.instance_quotas.run(reader_of(account), [config])) == []
    assert account.calls == []
