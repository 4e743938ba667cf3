"""How many accelerators and virtual processors a SageMaker instance type has.

Source: the EC2 instance type pages, accelerated computing, and the rule by which EC2 sizes count.
"""

from __future__ import annotations

import re

from mlaudit.resources import TrainingJob

_ACCELERATORS = {
    "dl1": {"24xlarge": 8},
    "g4dn": {"12xlarge": 4, "metal": 8},
    "g5": {"12xlarge": 4, "24xlarge": 4, "48xlarge": 8},
    "g6": {"12xlarge": 4, "24xlarge": 4, "48xlarge": 8},
    "g6e": {"12xlarge": 4, "24xlarge": 4, "48xlarge": 8},
    "g7": {"12xlarge": 2, "24xlarge": 4, "48xlarge": 8},
    "g7e": {"12xlarge": 2, "24xlarge": 4, "48xlarge": 8},
    "inf1": {"6xlarge": 4, "24xlarge": 16},
    "inf2": {"24xlarge": 6, "48xlarge": 12},
    "p2": {"8xlarge": 8, "16xlarge": 16},
    "p3": {"8xlarge": 4, "16xlarge": 8},
    "p3dn": {"24xlarge": 8},
    "p4d": {"24xlarge": 8},
    "p4de": {"24xlarge": 8},
    "p5": {"48xlarge": 8},
    "p5e": {"48xlarge": 8},
    "p5en": {"48xlarge": 8},
    "p6-b200": {"48xlarge": 8},
    "p6-b300": {"48xlarge": 8},
    "p6e-gb200": {"36xlarge": 4},
    "trn1": {"32xlarge": 16},
    "trn1n": {"32xlarge": 16},
    "trn2": {"48xlarge": 16},
}
_XLARGE = re.compile(r"(\d*)xlarge")
_VCPUS_OF_XLARGE = 4
_EXCEPTIONS = {("c4", "8xlarge"): 36, ("t2", "medium"): 2, ("t3", "medium"): 2}
_SMALL = {"medium": 1, "large": 2}


def accelerators(instance_type: str) -> int:
    """How many GPUs or ML chips a type has; 0 for a type without, 1 for the small sizes."""
    family, size = _family_and_size(instance_type)
    return _ACCELERATORS[family].get(size, 1) if family in _ACCELERATORS else 0


def is_parallel(job: TrainingJob) -> bool:
    """Whether a training job had more than one machine, or more than one accelerator."""
    return job.instances > 1 or any(accelerators(each.instance_type) > 1 for each in job.fleets)


def vcpus(instance_type: str) -> int | None:
    """How many virtual processors a type has, where its size tells."""
    family, size = _family_and_size(instance_type)
    match = _XLARGE.fullmatch(size)
    by_size = int(match[1] or 1) * _VCPUS_OF_XLARGE if match else _SMALL.get(size)
    return _EXCEPTIONS.get((family, size), by_size)


def _family_and_size(instance_type: str) -> tuple[str, str]:
    family, _, size = instance_type.removeprefix("ml.").partition(".")
    return family, size
