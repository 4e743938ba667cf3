"""The CloudFormation template that puts the gate into an account."""

from __future__ import annotations

import json
from pathlib import Path

import yaml

from mlaudit.collect.policy import policy_document
from mlaudit.thresholds import Target

_TEMPLATE = Path(__file__).with_name("template.yaml")


def template() -> str:
    """The template as JSON text, with what a scan reads and the targets there are."""
    made = yaml.safe_load(_TEMPLATE.read_text("utf-8"))
    made["Parameters"]["Target"]["AllowedValues"] = [each.value for each in Target]
    made["Resources"]["Reads"]["Properties"]["PolicyDocument"] = json.loads(policy_document())
    return json.dumps(made, indent=2) + "\n"
