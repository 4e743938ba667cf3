"""Stacks of CloudFormation: looked at, shown, deployed, and taken back.

What is deployed is shown by a change set before, and journaled. What CloudFormation gives up is
cleared away. What holds data goes only when that is asked for.
"""

from __future__ import annotations

from mlaudit.remediate.stacks.deployment import Terms, deployed
from mlaudit.remediate.stacks.found import Found, find_stack, looked_at
from mlaudit.remediate.stacks.operations import DEPLOYING, UNDOING
from mlaudit.remediate.stacks.site import NotReadyError, Site
from mlaudit.remediate.stacks.template import Template, digest, read_template
from mlaudit.remediate.stacks.undoing import KINDS, Fate, Undone, settled, undone

__all__ = [
    "DEPLOYING",
    "KINDS",
    "UNDOING",
    "Fate",
    "Found",
    "NotReadyError",
    "Site",
    "Template",
    "Terms",
    "Undone",
    "deployed",
    "digest",
    "find_stack",
    "looked_at",
    "read_template",
    "settled",
    "undone",
]
