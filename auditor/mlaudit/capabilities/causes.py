"""Why something starts work: new data, worse answers, data that has shifted, or another reason."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from mlaudit.capabilities.detectors import Control, controls_named, controls_tagged, is_own
from mlaudit.capabilities.starters import event_pattern
from mlaudit.resources import Alarm, Bucket, Function, Pipeline, StateMachine, Trigger
from mlaudit.sight import Region


class Cause(StrEnum):
    """What a thing that starts work speaks of."""

    NEW_DATA = "new data"
    WORSE_ANSWERS = "worse answers"
    SHIFTED_DATA = "shifted data"
    NOT_KNOWN = "not known"
    """Events of one's own whose names do not tell, or metrics that are not understood."""


_CONTROLS: Mapping[Control, Cause] = {
    Control.MODEL_QUALITY: Cause.WORSE_ANSWERS,
    Control.DATA_DRIFT: Cause.SHIFTED_DATA,
    Control.CONCEPT_DRIFT: Cause.SHIFTED_DATA,
}
_STREAMS = frozenset({"dynamodb", "kafka", "kinesis"})
_DATA_SOURCES = frozenset(
    {
        "aws.appflow",
        "aws.athena",
        "aws.dataexchange",
        "aws.dms",
        "aws.emr",
        "aws.glue",
        "aws.lakeformation",
        "aws.redshift",
        "aws.redshift-data",
    }
)
"""Sources of events that tell of data that was loaded or changed."""
_NEW_OBJECTS = frozenset({"AWS API Call via CloudTrail", "Object Created"})
_OF_AWS = re.compile(r"aws\.(?!partner)")
_TELLS_LITTLE = ("Processing Job", "Pipeline Execution", "Pipeline Step", "Transform Job")
"""Events of SageMaker that speak of whatever a team runs in such a job."""
_DATA = re.compile(r"data|file|ingest|label|feature|object|partition|record|table", re.IGNORECASE)
_VIOLATION = re.compile(r"violation|violated", re.IGNORECASE)


def causes_of(region: Region, arn: str) -> frozenset[Cause]:
    """What a thing speaks of by itself; empty where it is of something else, or only passes on."""
    if (alarm := region.get(Alarm, arn)) is not None:
        return _of_alarm(alarm)
    if (rule := region.get(Trigger, arn)) is not None:
        return _of_rule(region, rule) if rule.pattern else frozenset()
    if region.get(Bucket, arn) or _service(arn) in _STREAMS:
        return frozenset({Cause.NEW_DATA})
    return _of_controls(_tagged(region, arn))


def _service(arn: str) -> str:
    return arn.split(":")[2] if arn.count(":") > 1 else ""


def _tagged(region: Region, arn: str) -> frozenset[Control]:
    holder = region.get(Pipeline, arn) or region.get(StateMachine, arn) or region.get(Function, arn)
    return controls_tagged(holder.tags) if holder else frozenset()


def _of_controls(controls: frozenset[Control]) -> frozenset[Cause]:
    return frozenset(_CONTROLS[each] for each in controls if each in _CONTROLS)


def _of_alarm(alarm: Alarm) -> frozenset[Cause]:
    if alarm.hides_metrics:
        return frozenset({Cause.NOT_KNOWN})
    return _named(" ".join(each.name for each in alarm.watches if is_own(each)))


def _named(text: str) -> frozenset[Cause]:
    """What a text speaks of; a violation of nothing in particular is one of the data."""
    found = _of_controls(controls_named(text))
    return found or frozenset({Cause.SHIFTED_DATA} if _VIOLATION.search(text) else ())


def _of_rule(region: Region, rule: Trigger) -> frozenset[Cause]:
    pattern = event_pattern(rule)
    named = [arn for arn in _texts(pattern) if arn.startswith("arn:")]
    tagged = frozenset(each for arn in named for each in _of_controls(_tagged(region, arn)))
    if tagged:
        return tagged
    sources, types = (frozenset(_texts(pattern.get(key))) for key in ("source", "detail-type"))
    if sources & _DATA_SOURCES or _tells_of_objects(sources, types):
        return frozenset({Cause.NEW_DATA})
    if any("Feature Group" in each or "Labeling Job" in each for each in types):
        return frozenset({Cause.NEW_DATA})
    vague = any(part in each for each in types for part in _TELLS_LITTLE)
    if vague or not all(_OF_AWS.match(each) for each in sources) or not sources | types:
        return _by_words(rule, pattern)
    return frozenset()


def _tells_of_objects(sources: frozenset[str], types: frozenset[str]) -> bool:
    return "aws.s3" in sources and (not types or bool(types & _NEW_OBJECTS))


def _by_words(rule: Trigger, pattern: Mapping[str, Any]) -> frozenset[Cause]:
    """What the names and words of a rule tell, where the kind of event does not."""
    text = f"{rule.name} {json.dumps(pattern)}"
    found = _named(text)
    if not found and _DATA.search(text.replace("detail-type", "")):
        return frozenset({Cause.NEW_DATA})
    return found or frozenset({Cause.NOT_KNOWN})


def _texts(value: Any) -> list[str]:
    """Every text inside a part of a pattern."""
    if isinstance(value, str):
        return [value]
    members = value.values() if isinstance(value, dict) else value
    return [each for one in members for each in _texts(one)] if _holds(value) else []


def _holds(value: Any) -> bool:
    return isinstance(value, dict | list | tuple)
