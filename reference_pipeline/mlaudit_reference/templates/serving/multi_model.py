"""Stack ``serving-multi-model``: many models share instances, each loaded when it is asked for.

A request names the archive it is for (``TargetModel``), which lies under ``multi-model/`` in the
artifact bucket; guide item 4.9. What it cannot have: models of the registry, as a multi-model
container takes a prefix of S3 and no package, so that nothing proves which version answered; and
network isolation, as its container fetches the code from S3. It lives in the network all the same.
Source: ContainerDefinition and MultiModelConfig (CreateModel).
"""

from __future__ import annotations

from mlaudit_reference import bundle, names
from mlaudit_reference.manifest import Manifest, Mode
from mlaudit_reference.templates import shared
from mlaudit_reference.templates.language import Content, Properties, Stack, ref, sub
from mlaudit_reference.templates.serving import alarms, models
from mlaudit_reference.templates.serving.fleets import Variant, dimensions, hosted

IMAGE = "ServingImage"
LOADING_SECONDS = 10
"""How long a request may wait for its model to be loaded."""


def _content(manifest: Manifest) -> Content:
    # SageMaker sends a request where its model is loaded already.
    primary = Variant(names.PRIMARY, "PrimaryModel", spread=False)
    resources = {
        **hosted(manifest, Mode.MULTI_MODEL, manifest.multi_model, [primary]),
        "PrimaryModel": models.model(manifest, [_container(manifest)], isolated=False),
        "PrimaryLoading": alarms.alarm(
            manifest, _LOADING, dimensions(manifest, Mode.MULTI_MODEL, names.PRIMARY)
        ),
    }
    parameters = {
        IMAGE: {
            "Type": "String",
            "Description": "The image that serves, as the versions were registered with it.",
            "AllowedPattern": r"^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(\.cn)?/.+$",
        }
    }
    return Content(resources, parameters=parameters)


STACK = Stack(
    name="serving-multi-model",
    about="An endpoint that loads each of many models when it is asked for.",
    wanted=lambda manifest: Mode.MULTI_MODEL in manifest.targets,
    content=_content,
)

_LOADING = alarms.Watch(
    f"Requests wait longer than {LOADING_SECONDS} s for their model to be loaded.",
    "ModelLoadingWaitTime",
    alarms.microseconds(1000 * LOADING_SECONDS),
)


def _container(manifest: Manifest) -> Properties:
    bucket = {"Bucket": shared.artifact_bucket(manifest)}
    return {
        "Image": ref(IMAGE),
        "Mode": "MultiModel",
        "ModelDataUrl": sub("s3://${Bucket}/multi-model/", bucket),
        "Environment": {
            "SAGEMAKER_PROGRAM": "inference.py",
            "SAGEMAKER_SUBMIT_DIRECTORY": sub(f"s3://${{Bucket}}/{bundle.source_key()}", bucket),
        },
    }
