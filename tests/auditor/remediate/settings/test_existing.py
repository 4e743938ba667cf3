"""Settings of what others made, and that is neither made nor deleted here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from mlaudit.errors import MlauditError
from mlaudit.remediate.change import Ask, Key, State
from mlaudit.remediate.settings import SETTINGS

REGION, ACCOUNT = "us-east-1", "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/ml"

Client = Callable[[str], Any]


def _write(kind: str, key: Key, ask: Ask, wanted: State) -> State:
    """Bring it to a state; what is read then."""
    setting = SETTINGS[kind]
    before = setting.read(key, ask)
    for each in setting.calls(key, before, wanted):
        assert each.id in {operation.id for operation in setting.writes}
        ask(each.service, each.operation, each.params)
    return setting.read(key, ask)


class TestVersions:
    KEY: Mapping[str, str] = {"Bucket": "versioned"}

    def test_they_are_switched_on_and_off(self, ask: Ask, client: Client) -> None:
        client("s3").create_bucket(**self.KEY)
        assert SETTINGS["s3.versioning"].read(self.KEY, ask) is None
        for status in ("Enabled", "Suspended", "Enabled"):
            state = {"Status": status}
            assert _write("s3.versioning", self.KEY, ask, state) == state

    def test_a_bucket_that_had_none_can_only_stop_making_them(
        self, ask: Ask, client: Client
    ) -> None:
        key = {"Bucket": "stopped"}
        client("s3").create_bucket(**key)
        _write("s3.versioning", key, ask, {"Status": "Enabled"})
        suspended = _write("s3.versioning", key, ask, None)
        assert suspended == {"Status": "Suspended"}
        assert not SETTINGS["s3.versioning"].calls(key, suspended, None)
        assert SETTINGS["s3.versioning"].cannot_go_back


class TestRepositories:
    KEY: Mapping[str, str] = {"repositoryName": "scoring"}
    MUTABLE: Mapping[str, Any] = {"imageTagMutability": "MUTABLE", "scanOnPush": False}
    FIXED: Mapping[str, Any] = {"imageTagMutability": "IMMUTABLE", "scanOnPush": True}

    def test_one_is_altered_and_put_back(self, ask: Ask, client: Client) -> None:
        setting = SETTINGS["ecr.repository"]
        assert setting.read(self.KEY, ask) is None
        client("ecr").create_repository(**self.KEY)
        assert setting.read(self.KEY, ask) == self.MUTABLE
        for state in (self.FIXED, self.MUTABLE):
            assert _write("ecr.repository", self.KEY, ask, state) == state

    def test_only_what_differs_is_written(self) -> None:
        setting = SETTINGS["ecr.repository"]
        scanned = {**self.MUTABLE, "scanOnPush": True}
        (call,) = setting.calls(self.KEY, self.MUTABLE, scanned)
        assert call.operation == "PutImageScanningConfiguration"
        (call,) = setting.calls(self.KEY, scanned, self.FIXED)
        assert call.operation == "PutImageTagMutability"

    def test_tags_that_are_excepted_are_written_with_the_rest(self) -> None:
        filters = [{"filterType": "WILDCARD", "filter": "latest*"}]
        excepted = {
            "imageTagMutability": "IMMUTABLE_WITH_EXCLUSION",
            "imageTagMutabilityExclusionFilters": filters,
            "scanOnPush": False,
        }
        (call,) = SETTINGS["ecr.repository"].calls(self.KEY, self.MUTABLE, excepted)
        assert call.params["imageTagMutabilityExclusionFilters"] == filters

    def test_one_is_never_deleted(self) -> None:
        with pytest.raises(MlauditError, match="never deleted"):
            SETTINGS["ecr.repository"].calls(self.KEY, self.MUTABLE, None)


@pytest.fixture(scope="module")
def key(client: Client) -> Key:
    """An event source of a function."""
    client("iam").create_role(RoleName="ml", AssumeRolePolicyDocument="{}")
    client("lambda").create_function(
        FunctionName="features",
        Role=ROLE,
        PackageType="Image",
        Code={"ImageUri": "image:1"},
    )
    source = f"arn:aws:kinesis:{REGION}:{ACCOUNT}:stream/events"
    made = client("lambda").create_event_source_mapping(
        FunctionName="features", EventSourceArn=source, StartingPosition="LATEST"
    )
    return {"UUID": made["UUID"]}


class TestEventSources:
    def test_one_is_switched_off_and_on(self, key: Key, ask: Ask) -> None:
        setting = SETTINGS["lambda.event-source"]
        assert setting.read(key, ask) == {"Enabled": True}
        for enabled in (False, True):
            state = {"Enabled": enabled}
            assert _write("lambda.event-source", key, ask, state) == state
            assert setting.is_settled(key, ask)

    def test_one_is_never_deleted(self, key: Key) -> None:
        with pytest.raises(MlauditError, match="never deleted"):
            SETTINGS["lambda.event-source"].calls(key, {"Enabled": True}, None)

    def test_one_that_is_not_there(self, ask: Ask) -> None:
        nobody = {"UUID": "00000000-0000-4000-8000-000000000000"}
        assert SETTINGS["lambda.event-source"].read(nobody, ask) is None

    @pytest.mark.parametrize(
        ("state", "enabled", "settled"),
        [
            ("Enabled", True, True),
            ("Enabling", True, False),
            ("Creating", True, False),
            ("Updating", True, False),
            ("Disabling", False, False),
            ("Disabled", False, True),
        ],
    )
    def test_what_a_state_means(self, state: str, *, enabled: bool, settled: bool) -> None:
        setting = SETTINGS["lambda.event-source"]

        def answer(*_: Any) -> dict[str, str]:
            return {"State": state}

        assert setting.read({"UUID": "one"}, answer) == {"Enabled": enabled}
        assert setting.is_settled({"UUID": "one"}, answer) is settled

    def test_one_that_is_being_deleted_is_not_there(self) -> None:
        assert (
            SETTINGS["lambda.event-source"].read({"UUID": "one"}, lambda *_: {"State": "Deleting"})
            is None
        )
