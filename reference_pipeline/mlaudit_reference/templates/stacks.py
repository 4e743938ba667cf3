"""All stacks, in the order in which they are deployed; they are deleted in the opposite one."""

from __future__ import annotations

from mlaudit_reference.manifest import Manifest
from mlaudit_reference.templates import (
    batch_platform,
    delivery,
    delivery_pipeline,
    expiry,
    foundation,
    guard,
    monitoring,
    promotion,
    retraining,
    serving,
    training,
)
from mlaudit_reference.templates.finish import Template, finished
from mlaudit_reference.templates.language import Stack

STACKS: tuple[Stack, ...] = (
    foundation.STACK,
    training.STACK,
    batch_platform.STACK,
    *serving.STACKS,
    monitoring.STACK,
    retraining.STACK,
    promotion.STACK,
    guard.STACK,
    delivery.STACK,
    delivery_pipeline.STACK,
    expiry.STACK,
)


def stacks_of(manifest: Manifest) -> tuple[Stack, ...]:
    """The stacks that a manifest asks for."""
    return tuple(stack for stack in STACKS if stack.wanted(manifest))


def template(stack: Stack, manifest: Manifest) -> Template:
    """The template of one stack."""
    return finished(stack, stack.content(manifest), manifest)
