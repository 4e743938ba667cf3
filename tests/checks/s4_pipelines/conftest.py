"""What several checks of this section are shown: a place that serves, and a model in it."""

from datetime import UTC, datetime

import pytest

from mlaudit.capabilities.serving import Placement, ServedModel
from mlaudit.resources import Endpoint, EndpointConfig, Model, Variant

REGION = "eu-west-1"
ARN = f"arn:aws:sagemaker:{REGION}:123456789012:"
NOW = datetime(2026, 3, 14, tzinfo=UTC)


@pytest.fixture
def placement() -> Placement:
    variant = Variant(
        name="main",
        model_name="fraud",
        instance_type="ml.m5.large",
        instance_count=1,
        serverless_concurrency=None,
        managed_scaling=False,
        managed_min=None,
        managed_max=None,
        instance_pools=(),
        weight=1.0,
    )
    config = EndpointConfig(
        arn=f"{ARN}endpoint-config/fraud",
        region=REGION,
        name="fraud",
        tags={},
        variants=(variant,),
        shadow_variants=(),
        asynchronous=False,
        error_topic=False,
        encrypts_volumes=False,
        data_capture=None,
        explains=False,
        created_at=NOW,
    )
    endpoint = Endpoint(
        arn=f"{ARN}endpoint/fraud",
        region=REGION,
        name="fraud",
        tags={},
        status="InService",
        config_name="fraud",
        variant_names=("main",),
        created_at=NOW,
        modified_at=NOW,
    )
    return Placement(endpoint, config, variant)


@pytest.fixture
def served() -> ServedModel:
    model = Model(
        arn=f"{ARN}model/fraud",
        region=REGION,
        name="fraud",
        tags={},
        containers=(),
        execution_mode=None,
        network_isolation=False,
        in_network=False,
        role=None,
        created_at=NOW,
    )
    return ServedModel(model, "on endpoint fraud", (f"{ARN}training-job/a",), (), ())
