"""Feature groups grow, and keep what they have."""

from typing import Any

import pytest
from botocore.exceptions import ClientError


def test_features_are_added_and_never_twice(sagemaker: Any) -> None:
    feature = {"FeatureName": "id", "FeatureType": "String"}
    sagemaker.create_feature_group(
        FeatureGroupName="customers",
        RecordIdentifierFeatureName="id",
        EventTimeFeatureName="id",
        FeatureDefinitions=[feature],
        OnlineStoreConfig={"EnableOnlineStore": True},
    )
    new = {"FeatureName": "age", "FeatureType": "Integral"}
    sagemaker.update_feature_group(
        FeatureGroupName="customers",
        FeatureAdditions=[new],
        OnlineStoreConfig={"TtlDuration": {"Unit": "Days", "Value": 7}},
    )
    told = sagemaker.describe_feature_group(FeatureGroupName="customers")
    assert told["FeatureDefinitions"] == [feature, new]
    assert told["OnlineStoreConfig"]["EnableOnlineStore"] is True
    assert told["OnlineStoreConfig"]["TtlDuration"]["Value"] == 7
    with pytest.raises(ClientError, match="already exists"):
        sagemaker.update_feature_group(FeatureGroupName="customers", FeatureAdditions=[new])
