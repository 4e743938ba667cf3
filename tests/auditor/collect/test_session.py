"""Getting into an account, and never doing more in it than was declared."""

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

import boto3
import botocore.session
import pytest

from mlaudit.collect.operation import Operation
from mlaudit.collect.plan import declared_operations
from mlaudit.collect.reader import UnseenError
from mlaudit.collect.session import (
    Access,
    AccountError,
    AwsApi,
    UndeclaredCallError,
    open_account,
)
from mlaudit.errors import MlauditError
from mlaudit.model import GapReason

MINE, THEIRS = "111122223333", "444455556666"
VERSIONING = Operation("s3", "GetBucketVersioning")
KEYS = ("AKIAIOSFODNN7EXAMPLE", "secret")

Question = dict[str, str]


class Sts:
    """STS on loopback: knows which key is of which account, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Question] = []
        self.failing: dict[str, tuple[int, str]] = {}
        self.role_account = THEIRS
        self.redirect = False

    def answer(self, key: str, question: Question) -> tuple[int, str]:
        self.asked.append(question)
        action = question["Action"]
        if action in self.failing:
            status, code = self.failing[action]
            return status, f"<ErrorResponse><Error><Code>{code}</Code></Error></ErrorResponse>"
        if action == "AssumeRole":
            return 200, _xml(action, _CREDENTIALS)
        account = self.role_account if key == "ROLEKEY" else MINE
        arn = f"arn:aws:iam::{account}:user/auditor"
        return 200, _xml(action, f"<Account>{account}</Account><Arn>{arn}</Arn>")

    def actions(self) -> list[str]:
        return [each["Action"] for each in self.asked]


_CREDENTIALS = (
    "<Credentials><AccessKeyId>ROLEKEY</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
    "<SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>"
)


def _xml(action: str, content: str) -> str:
    return f"<{action}Response><{action}Result>{content}</{action}Result></{action}Response>"


@pytest.fixture
def sts() -> Sts:
    return Sts()


@pytest.fixture
def endpoint(sts: Sts) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            question = {name: values[0] for name, values in parse_qs(body).items()}
            key = (
                (self.headers["Authorization"] or "").partition("Credential=")[2].partition("/")[0]
            )
            self._reply(*sts.answer(key, question or {"Action": self.path}))

        def do_GET(self) -> None:
            sts.asked.append({"Action": f"{self.command} {self.path}"})
            code = "PermanentRedirect" if sts.redirect else "NoSuchBucket"
            self._reply(301, f"<Error><Code>{code}</Code></Error>")

        do_PUT = do_HEAD = do_GET  # noqa: N815 - named by the standard library

        def _reply(self, status: int, text: str) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.01,)).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def api(endpoint: str) -> AwsApi:
    session = boto3.Session(*KEYS, region_name="eu-west-1")
    return AwsApi(session, endpoint, declared_operations())


WRITES: list[tuple[str, Callable[[Any], Any]]] = [
    (
        "sagemaker:CreateModel",
        lambda api: api.client("sagemaker", "eu-west-1").create_model(ModelName="a"),
    ),
    (
        "s3:PutObject",
        lambda api: api.client("s3", "eu-west-1").put_object(Bucket="a", Key="b", Body=b"c"),
    ),
    (
        "sagemaker:BatchAddClusterNodes",
        lambda api: api.client("sagemaker", "eu-west-1").batch_add_cluster_nodes(
            ClusterName="abc", NodesToAdd=[{"InstanceGroupName": "g", "IncrementTargetCountBy": 1}]
        ),
    ),
    (
        "sts:GetCallerIdentity",
        lambda api: api.client("sts", "eu-west-1").get_caller_identity(),
    ),
    (
        "s3:GetObject",
        lambda api: api.client("s3", "eu-west-1").get_object(Bucket="a", Key="b"),
    ),
]


@pytest.mark.parametrize(("name", "write"), WRITES, ids=[name for name, _ in WRITES])
def test_a_call_that_is_not_declared_never_leaves(
    name: str, write: Callable[[Any], Any], api: AwsApi, sts: Sts
) -> None:
    with pytest.raises(UndeclaredCallError, match=f"{name} is not one of"):
        write(api)
    assert sts.asked == []


def test_a_paginator_and_a_waiter_are_guarded_too(api: AwsApi, sts: Sts) -> None:
    client = api.client("sagemaker", "eu-west-1")
    with pytest.raises(UndeclaredCallError):
        client.get_paginator("list_actions").paginate().build_full_result()
    with pytest.raises(UndeclaredCallError):
        client.get_waiter("notebook_instance_deleted").wait(NotebookInstanceName="a")
    assert sts.asked == []


def test_asking_for_what_is_not_declared_is_a_program_error(api: AwsApi) -> None:
    with pytest.raises(UndeclaredCallError):
        api.call(Operation("sagemaker", "DeleteModel"), "eu-west-1", {"ModelName": "a"})


def test_a_call_that_botocore_adds_is_stopped_and_is_a_gap(api: AwsApi, sts: Sts) -> None:
    sts.redirect = True
    with pytest.raises(UnseenError) as failure:
        api.call(VERSIONING, "eu-west-1", {"Bucket": "elsewhere"})
    assert failure.value.gap.code == "NeedsUndeclaredCall"
    assert not [each for each in sts.actions() if each.startswith("HEAD")]


def test_a_declared_call_leaves(api: AwsApi, sts: Sts) -> None:
    with pytest.raises(UnseenError):
        api.call(VERSIONING, "eu-west-1", {"Bucket": "mine"})
    assert sts.actions() == ["GET /mine?versioning"]


def test_no_proxy_hears_of_what_is_asked_of_this_machine(
    api: AwsApi, sts: Sts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with pytest.raises(UnseenError):
        api.call(VERSIONING, "eu-west-1", {"Bucket": "mine"})
    assert sts.actions() == ["GET /mine?versioning"]


def test_there_is_one_client_for_each_service_and_region(api: AwsApi) -> None:
    first = api.client("s3", "eu-west-1")
    assert api.client("s3", "eu-west-1") is first
    assert api.client("s3", "eu-west-2") is not first


@pytest.mark.parametrize(
    ("url", "attempts", "mode"),
    [(None, 5, "adaptive"), ("http://127.0.0.1:9", 2, "standard")],
)
def test_only_aws_itself_is_asked_with_patience(url: str | None, attempts: int, mode: str) -> None:
    session = boto3.Session(*KEYS, region_name="eu-west-1")
    config = AwsApi(session, url, []).client("mwaa", "eu-west-1").meta.config
    assert config.retries == {"mode": mode, "total_max_attempts": attempts}
    assert config.inject_host_prefix is (url is None)


def test_an_endpoint_of_the_environment_is_elsewhere_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    session = boto3.Session(*KEYS, region_name="eu-west-1")
    assert not AwsApi(session, None, []).client("mwaa", "eu-west-1").meta.config.inject_host_prefix


def test_the_endpoints_of_every_partition_are_aws() -> None:
    core = botocore.session.get_session()
    for partition in core.get_available_partitions():
        region = core.get_available_regions("sts", partition)[0]
        session = boto3.Session(*KEYS, region_name=region)
        client = AwsApi(session, None, []).client("sts", region)
        assert client.meta.config.retries["mode"] == "adaptive", client.meta.endpoint_url


def test_the_credentials_own_account_is_read_unless_another_is_meant(
    endpoint: str, sts: Sts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    opened = open_account(Access(keys=KEYS, endpoint_url=endpoint), [])
    assert (opened.account, opened.regions) == (MINE, ("eu-west-1",))
    assert opened.caller == f"arn:aws:iam::{MINE}:user/auditor"
    assert sts.actions() == ["GetCallerIdentity"]


@pytest.mark.parametrize(("named", "region"), [("eu-north-1", "eu-north-1"), ("", "eu-west-1")])
def test_the_region_that_other_tools_read_goes_first(
    endpoint: str, monkeypatch: pytest.MonkeyPatch, named: str, region: str
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_REGION", named)
    assert open_account(Access(keys=KEYS, endpoint_url=endpoint), []).regions == (region,)


def test_without_a_region_none_is_offered(endpoint: str) -> None:
    assert open_account(Access(keys=KEYS, endpoint_url=endpoint), []).regions == ()


@pytest.mark.parametrize(
    "role", ["auditor", f"arn:aws:iam::{THEIRS}:role/auditor"], ids=["name", "arn"]
)
def test_a_role_of_the_other_account_is_assumed(role: str, endpoint: str, sts: Sts) -> None:
    access = Access(THEIRS, role=role, external_id="x-1", keys=KEYS, endpoint_url=endpoint)
    assert open_account(access, []).account == THEIRS
    assert sts.actions() == ["GetCallerIdentity", "AssumeRole", "GetCallerIdentity"]
    assert sts.asked[1]["RoleArn"] == f"arn:aws:iam::{THEIRS}:role/auditor"
    assert sts.asked[1]["ExternalId"] == "x-1"


def test_the_role_is_guarded_like_the_caller(endpoint: str, sts: Sts) -> None:
    access = Access(THEIRS, role="auditor", keys=KEYS, endpoint_url=endpoint)
    opened = open_account(access, [VERSIONING])
    with pytest.raises(UndeclaredCallError):
        opened.api.client("s3", "eu-west-1").put_object(Bucket="a", Key="b")
    assert len(sts.asked) == 3


def test_a_role_that_can_no_longer_be_assumed_leaves_gaps_of_what_was_asked(
    endpoint: str, sts: Sts, monkeypatch: pytest.MonkeyPatch
) -> None:
    access = Access(THEIRS, role="auditor", keys=KEYS, endpoint_url=endpoint)
    opened = open_account(access, [VERSIONING])
    sts.failing["AssumeRole"] = (403, "AccessDenied")
    monkeypatch.setattr(
        "botocore.credentials.RefreshableCredentials.refresh_needed", lambda *_, **__: True
    )
    with pytest.raises(UnseenError) as failure:
        opened.api.call(VERSIONING, "eu-west-2", {"Bucket": "mine"})
    gap = failure.value.gap
    assert (gap.operation, gap.region) == (VERSIONING.id, "eu-west-2")
    assert (gap.code, gap.reason) == ("AccessDenied", GapReason.DENIED)


REFUSALS = [
    (Access(THEIRS), {}, (MINE, THEIRS, "--role-name")),
    (
        Access(THEIRS, role="auditor"),
        {"AssumeRole": (403, "AccessDenied")},
        (f"arn:aws:iam::{THEIRS}:role/auditor", "AccessDenied", "--external-id"),
    ),
    (
        Access(THEIRS, role=f"arn:aws:iam::{MINE}:role/auditor"),
        {"role of": (0, MINE)},
        (f"of account {MINE}, not {THEIRS}",),
    ),
    (Access(), {"GetCallerIdentity": (403, "ExpiredToken")}, ("have expired", "aws sso login")),
    (Access(), {"GetCallerIdentity": (403, "InvalidClientTokenId")}, ("does not accept",)),
    (Access(), {"GetCallerIdentity": (403, "SignatureDoesNotMatch")}, ("does not accept",)),
    (Access(), {"GetCallerIdentity": (400, "Weird")}, ("failed with Weird",)),
]


@pytest.mark.parametrize(("access", "failing", "words"), REFUSALS)
def test_an_account_that_cannot_be_read_is_explained(
    access: Access,
    failing: dict[str, tuple[int, str]],
    words: tuple[str, ...],
    endpoint: str,
    sts: Sts,
) -> None:
    _, sts.role_account = failing.pop("role of", (0, THEIRS)) if failing else (0, THEIRS)
    sts.failing = failing
    meant = Access(access.account, None, access.role, None, endpoint, KEYS)
    _explained(meant, *words)


def _explained(access: Access, *words: str) -> None:
    with pytest.raises(AccountError) as failure:
        open_account(access, [])
    text = str(failure.value)
    assert all(word in text for word in words), text
    assert text.endswith(".")
    assert "\n" not in text
    assert isinstance(failure.value, MlauditError)


def test_no_credentials_are_explained(endpoint: str) -> None:
    _explained(Access(endpoint_url=endpoint), "No AWS credentials were found", "--profile")


def test_an_unknown_profile_is_explained() -> None:
    _explained(Access(profile="nobody"), "nobody", "aws configure list-profiles")


def test_an_address_that_is_none_is_explained() -> None:
    _explained(Access(keys=KEYS, endpoint_url="localhost"), "localhost", "Check the endpoint URL")


def test_nobody_listening_is_explained() -> None:
    _explained(Access(keys=KEYS, endpoint_url="http://127.0.0.1:9"), "Check the network")


def test_a_broken_configuration_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config").write_text("[profile a\nregion")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    _explained(Access(), "configuration cannot be used")


def test_credentials_of_a_profile_that_assumes_a_role_can_be_found(
    endpoint: str, sts: Sts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guard must not stop botocore from getting credentials in ways of its own."""
    token = tmp_path / "token"
    token.write_text("web-identity-token")
    (tmp_path / "config").write_text(
        f"[profile web]\nrole_arn = arn:aws:iam::{THEIRS}:role/web\n"
        f"web_identity_token_file = {token}\nregion = eu-west-1\nendpoint_url = {endpoint}\n"
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    answer = sts.answer

    def with_web_identity(key: str, question: Question) -> tuple[int, str]:
        if question["Action"] == "AssumeRoleWithWebIdentity":
            sts.asked.append(question)
            return 200, _xml(question["Action"], _CREDENTIALS)
        return answer(key, question)

    monkeypatch.setattr(sts, "answer", with_web_identity)
    assert open_account(Access(profile="web", endpoint_url=endpoint), []).account == THEIRS
    assert sts.actions() == ["AssumeRoleWithWebIdentity", "GetCallerIdentity"]
