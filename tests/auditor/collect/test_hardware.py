"""Accelerators and processors of instance types."""

from typing import Any

import botocore.session
import pytest

from mlaudit.collect.hardware import accelerators, vcpus


@pytest.mark.parametrize(
    ("kind", "devices", "processors"),
    [
        ("ml.m5.large", 0, 2),
        ("ml.m5.xlarge", 0, 4),
        ("ml.m4.10xlarge", 0, 40),
        ("ml.c4.8xlarge", 0, 36),
        ("ml.t3.medium", 0, 2),
        ("ml.c8g.medium", 0, 1),
        ("ml.c7i-flex.2xlarge", 0, 8),
        ("ml.g4dn.xlarge", 1, 4),
        ("ml.g4dn.12xlarge", 4, 48),
        ("ml.g5.16xlarge", 1, 64),
        ("ml.g5.48xlarge", 8, 192),
        ("ml.g7e.12xlarge", 2, 48),
        ("ml.p3.2xlarge", 1, 8),
        ("ml.p4d.24xlarge", 8, 96),
        ("ml.p5.4xlarge", 1, 16),
        ("ml.p6e-gb200.36xlarge", 4, 144),
        ("ml.trn1.2xlarge", 1, 8),
        ("ml.trn1.32xlarge", 16, 128),
        ("ml.inf2.24xlarge", 6, 96),
        ("ml.dl1.24xlarge", 8, 96),
        ("m5.large", 0, 2),
        ("ml.z9.metal", 0, None),
        ("nonsense", 0, None),
    ],
)
def test_table(kind: str, devices: int, processors: int | None) -> None:
    assert (accelerators(kind), vcpus(kind)) == (devices, processors)


def _training_types() -> list[str]:
    model: Any = botocore.session.get_session().get_service_model("sagemaker")
    return list(model.shape_for("TrainingInstanceType").enum)


def test_every_type_a_job_can_train_on_is_known() -> None:
    for kind in _training_types():
        assert vcpus(kind), kind
        accelerated = kind.startswith(("ml.p", "ml.g", "ml.trn", "ml.inf", "ml.dl"))
        assert bool(accelerators(kind)) is accelerated, kind


def test_a_new_size_of_a_known_family_counts_one_at_least() -> None:
    assert accelerators("ml.g6.96xlarge") == 1
