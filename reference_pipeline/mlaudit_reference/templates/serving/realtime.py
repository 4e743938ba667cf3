"""Stack ``serving-realtime``: two instances or more answer at once.

It carries guide items 4.5 (real time), 4.10 (scaling), 7.3 to 7.7 (rollback, canary, shadow,
blue/green, A/B) and the alarms of section 6. One endpoint has a shadow or an A/B test, never both
(CreateEndpointConfig).
"""

from __future__ import annotations

from mlaudit_reference import names
from mlaudit_reference.manifest import Manifest, Mode
from mlaudit_reference.templates.language import Content, Properties, Stack
from mlaudit_reference.templates.serving import models
from mlaudit_reference.templates.serving.fleets import Variant, hosted

_ALL = 100


def _content(manifest: Manifest) -> Content:
    variants = _variants(manifest)
    resources = {
        **hosted(manifest, Mode.REALTIME, manifest.realtime, variants),
        "PrimaryModel": models.model(manifest, [models.container()]),
    }
    parameters = {models.PACKAGE: models.package_parameter("The version that answers")}
    if len(variants) > 1:
        resources["SecondModel"] = _second(manifest)
        parameters[models.SECOND_PACKAGE] = models.package_parameter("The version to compare with")
    return Content(resources, parameters=parameters)


STACK = Stack(
    name="serving-realtime",
    about="An endpoint that answers at once, in a fleet that grows and shrinks.",
    wanted=lambda manifest: Mode.REALTIME in manifest.targets,
    content=_content,
)


def _variants(manifest: Manifest) -> list[Variant]:
    settings = manifest.realtime
    primary = Variant(names.PRIMARY, "PrimaryModel", 1 - settings.second_percent / _ALL)
    if settings.shadow_percent:
        share = settings.shadow_percent / _ALL
        return [primary, Variant(names.SHADOW, "SecondModel", share, shadow=True)]
    if settings.second_percent:
        return [primary, Variant(names.SECOND, "SecondModel", settings.second_percent / _ALL)]
    return [primary]


def _second(manifest: Manifest) -> Properties:
    return models.model(manifest, [models.container(models.SECOND_PACKAGE)])
