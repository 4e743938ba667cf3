"""Feature groups, to which features are added and from which none is taken away."""

from __future__ import annotations

from mlaudit.emulator.cloud import Call, Record
from mlaudit.emulator.errors import Refusal
from mlaudit.emulator.sagemaker import records

_SETTINGS = ("OnlineStoreConfig", "ThroughputConfig")


def update(call: Call) -> Record:
    """Add features to a group, or change how it keeps them."""
    record = records.find(call, "FeatureGroup")
    known = {each["FeatureName"] for each in record["FeatureDefinitions"]}
    for each in call.params.get("FeatureAdditions", []):
        if each["FeatureName"] in known:
            text = f"Feature {each['FeatureName']} already exists in the feature group."
            raise Refusal("ValidationException", text)
    additions = call.params.get("FeatureAdditions", [])
    record["FeatureDefinitions"] = [*record["FeatureDefinitions"], *additions]
    for name in _SETTINGS:
        if name in call.params:
            record[name] = {**record.get(name, {}), **call.params[name]}
    records.touch(call, record)
    return {"FeatureGroupArn": record["_arn"]}
