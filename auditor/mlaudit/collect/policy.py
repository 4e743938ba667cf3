"""The least IAM policy of a scan, derived from the declared operations."""

from __future__ import annotations

import json

from mlaudit.collect.plan import declared_operations


def policy_document() -> str:
    """The policy as JSON text: one read-only statement, actions in order."""
    actions = sorted({operation.iam_action for operation in declared_operations()})
    statement = {
        "Sid": "MlauditReadsOnly",
        "Effect": "Allow",
        "Action": actions,
        "Resource": "*",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=2) + "\n"
