"""CloudFormation: stacks that really come about, fail and go as those of AWS do.

Templates are read and evaluated here. What they ask for is made by ordinary calls to the emulated
account, on behalf of whoever called CloudFormation, so that it is refused what it would be refused
there; what fails is rolled back.
"""

from __future__ import annotations

from collections.abc import Mapping

from mlaudit.emulator.cloud import Handler
from mlaudit.emulator.cloudformation import change_sets, description, drift, exports, stacks

HANDLERS: Mapping[str, Handler] = {
    "CreateChangeSet": change_sets.create,
    "CreateStack": stacks.create,
    "DeleteChangeSet": change_sets.delete,
    "DeleteStack": stacks.delete,
    "DescribeChangeSet": change_sets.describe,
    "DescribeStackDriftDetectionStatus": drift.describe_detection,
    "DescribeStackEvents": description.describe_events,
    "DescribeStackResource": description.describe_resource,
    "DescribeStackResourceDrifts": drift.describe_resources,
    "DescribeStackResources": description.describe_resources,
    "DescribeStacks": description.describe,
    "DetectStackDrift": drift.detect,
    "ExecuteChangeSet": change_sets.execute,
    "GetStackPolicy": stacks.get_policy,
    "GetTemplate": stacks.get_template,
    "GetTemplateSummary": stacks.summarise,
    "ListChangeSets": change_sets.list_,
    "ListExports": exports.list_exports,
    "ListImports": exports.list_imports,
    "ListStackResources": description.list_resources,
    "ListStacks": description.list_stacks,
    "SetStackPolicy": stacks.set_policy,
    "UpdateStack": stacks.update,
    "UpdateTerminationProtection": stacks.protect,
    "ValidateTemplate": stacks.validate,
}
