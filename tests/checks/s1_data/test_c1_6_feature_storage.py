from dataclasses import replace

import pytest

from mlaudit.capabilities.data import FeatureStore
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status
from mlaudit_checks.s1_data.c1_6_feature_storage import feature_storage

DENIED = Gap("sagemaker:ListFeatureGroups", "eu-west-1", "AccessDenied", GapReason.DENIED)
OUTSIDE = Gap.unread("sagemaker:ListFeatureGroups", "eu-west-1", "StoreOutsideAws", "eu-west-1")
BOTH = FeatureStore(
    "arn:features", "fraud", described=True, offline_read=True, online=True, online_needed=True
)
OFFLINE = replace(BOTH, online=False, online_needed=False)
NO_ONLINE = replace(BOTH, online=False)
BARE_WORDS = "feature group fraud lacks a job that reads its offline store,"
BARE = replace(NO_ONLINE, described=False, offline_read=False)


@pytest.mark.parametrize(
    ("evidence", "status"),
    [
        (Evidence((BOTH,)), Status.PASS),
        (Evidence((OFFLINE,)), Status.PASS),
        (Evidence((BARE, BOTH), (DENIED,)), Status.PASS),
        (Evidence((NO_ONLINE,)), Status.PARTIAL),
        (Evidence((replace(BOTH, described=False),)), Status.PARTIAL),
        (Evidence((replace(BOTH, offline_read=False),)), Status.PARTIAL),
        (Evidence(), Status.FAIL),
        (Evidence((NO_ONLINE,), (DENIED,)), Status.NOT_ASSESSED),
        (Evidence((), (OUTSIDE,)), Status.NOT_ASSESSED),
    ],
)
def test_status(evidence: Evidence[FeatureStore], status: Status) -> None:
    assert feature_storage(evidence).status is status


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        (Evidence((BOTH,)), "feature group fraud is described and in use offline and online"),
        (Evidence((OFFLINE,)), "feature group fraud is described and in use offline"),
        (
            Evidence((BARE,)),
            f"{BARE_WORDS} an online store, a description",
        ),
        (
            Evidence((), (OUTSIDE,)),
            "could not be seen: whether a store outside of AWS holds the features",
        ),
    ],
)
def test_words(evidence: Evidence[FeatureStore], words: str) -> None:
    assert feature_storage(evidence).summary == words
