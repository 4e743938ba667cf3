"""Stack ``serving-serial``: three containers answer one after another (guide item 4.9).

What prepares a request, the model, and what turns a probability into a decision each run in a
container of their own, from the same registered version: ``PIPELINE_PART`` tells each its part.
SageMaker passes what one answers to the next ("Inference pipelines").
"""

from __future__ import annotations

from mlaudit_reference import names
from mlaudit_reference.manifest import Manifest, Mode
from mlaudit_reference.templates.language import Content, Properties, Stack
from mlaudit_reference.templates.serving import models
from mlaudit_reference.templates.serving.fleets import Variant, hosted

PARTS = ("preprocess", "model", "postprocess")
"""The parts, in their order."""


def _content(manifest: Manifest) -> Content:
    primary = Variant(names.PRIMARY, "PrimaryModel")
    resources = {
        **hosted(manifest, Mode.SERIAL, manifest.serial, [primary]),
        "PrimaryModel": models.model(manifest, [_part(each) for each in PARTS]),
    }
    about = "The version that answers"
    return Content(resources, parameters={models.PACKAGE: models.package_parameter(about)})


STACK = Stack(
    name="serving-serial",
    about="An endpoint of three containers: what prepares, the model, what decides.",
    wanted=lambda manifest: Mode.SERIAL in manifest.targets,
    content=_content,
)


def _part(name: str) -> Properties:
    return {
        "ContainerHostname": name,
        **models.container(environment={"PIPELINE_PART": name}),
    }
