"""Stack ``serving-edge``: a version of the model as a component for AWS IoT Greengrass devices.

The component brings the archive of a registered version and the code that serves it; on a device it
answers on a local port by the same handlers as in the cloud. Greengrass keeps the hash of each
archive when the component is made, and a device installs nothing that differs from it. Devices
bring Python with numpy and the framework; they are grouped and deployed to by a deployment of
Greengrass, which is not part of the stack, as devices are not.
Source: the component recipe reference of AWS IoT Greengrass V2.
"""

from __future__ import annotations

import json

from mlaudit_reference import bundle
from mlaudit_reference.edge import recipe
from mlaudit_reference.manifest import Manifest, Mode
from mlaudit_reference.templates import shared
from mlaudit_reference.templates.language import Content, Stack, att, resource, sub

MODEL = "ModelArchive"
VERSION = "ComponentVersion"


def _content(manifest: Manifest) -> Content:
    made = recipe(
        manifest,
        version=f"${{{VERSION}}}",
        model=f"s3://${{Bucket}}/${{{MODEL}}}",
        code=f"s3://${{Bucket}}/{bundle.functions_key()}",
    )
    component = resource(
        "AWS::GreengrassV2::ComponentVersion",
        {"InlineRecipe": sub(json.dumps(made), {"Bucket": shared.artifact_bucket(manifest)})},
    )
    parameters = {
        MODEL: {
            "Type": "String",
            "Description": "The key of model.tar.gz of an approved version in the artifact bucket.",
            "AllowedPattern": r"^[^/].*model\.tar\.gz$",
        },
        VERSION: {
            "Type": "String",
            "Description": "The version of the component, as 1.0.0: higher than any before.",
            "AllowedPattern": r"^\d{1,6}\.\d{1,6}\.\d{1,6}$",
        },
    }
    return Content({"Component": component}, {"EdgeComponentArn": att("Component")}, parameters)


STACK = Stack(
    name="serving-edge",
    about="The model as a component for devices at the edge.",
    wanted=lambda manifest: Mode.EDGE in manifest.targets,
    content=_content,
)
