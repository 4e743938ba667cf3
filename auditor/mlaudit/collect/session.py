"""Open an AWS account: credentials, the right account, one client for each service.

This is the only module of scans and remediations that imports boto3.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from socket import gaierror
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore import xform_name
from botocore.config import Config
from botocore.credentials import RefreshableCredentials
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    ProfileNotFound,
)
from botocore.parsers import ResponseParserError
from botocore.response import StreamingBody
from botocore.session import Session as CoreSession
from urllib3.exceptions import NameResolutionError

from mlaudit import __version__
from mlaudit.collect.failures import reason_of
from mlaudit.collect.operation import Operation
from mlaudit.collect.reader import Record, UnseenError
from mlaudit.errors import MlauditError
from mlaudit.model import Gap, GapReason

GET_CALLER = Operation("sts", "GetCallerIdentity")
ASSUME_ROLE = Operation("sts", "AssumeRole")
IN_FLIGHT = 24
"""Calls in flight at most: past this, threads over botocore get slower, not faster."""


class AccountError(MlauditError):
    """The account cannot be read at all: no credentials, the wrong account, no region."""


class UndeclaredCallError(MlauditError):
    """A call that was not declared was about to be made, and was stopped."""


@dataclass(frozen=True)
class Access:
    """How to get into an account.

    Attributes:
        account: The account that must be read; ``None`` takes the credentials' own.
        profile: A profile of the AWS configuration.
        role: The name or the ARN of a role to assume when the credentials are of another account.
        external_id: The external id that role demands.
        endpoint_url: Where to send every call instead of AWS.
        keys: An access key and its secret, instead of what the environment has.
    """

    account: str | None = None
    profile: str | None = None
    role: str | None = None
    external_id: str | None = None
    endpoint_url: str | None = None
    keys: tuple[str, str] | None = None


@dataclass(frozen=True)
class OpenAccount:
    """An account that answers.

    Attributes:
        account: Its number, twelve digits.
        caller: The ARN that reads it.
        regions: The regions to read when the user names none.
        api: Where to read.
    """

    account: str
    caller: str
    regions: tuple[str, ...]
    api: AwsApi


class AwsApi:
    """AWS over boto3: what is declared and nothing else, one client for each service and region."""

    def __init__(
        self, session: boto3.Session, endpoint_url: str | None, allowed: Iterable[Operation]
    ) -> None:
        """Take what may be called. Every client is guarded, so nothing else leaves it."""
        self._session = session
        self._endpoint_url = endpoint_url
        self._allowed = frozenset((each.service, each.name) for each in allowed)
        self._clients: dict[tuple[str, str], Any] = {}
        self._lock = Lock()

    def call(self, operation: Operation, region: str, params: Mapping[str, Any]) -> Record:
        """Make one call. Raises ``UnseenError`` when it fails for good."""
        try:
            client = self.client(operation.service, region)
            reply = _read(getattr(client, xform_name(operation.name))(**params))
        except ClientError as error:
            raise UnseenError(_gap_of(error, operation, region)) from error
        except (BotoCoreError, ResponseParserError) as error:
            raise UnseenError(_gap_without_reply(error, operation, region)) from error
        except UnseenError as unseen:
            # The role could not be assumed anew: what stays unseen is what was asked here.
            gap = replace(unseen.gap, operation=operation.id, region=region)
            raise UnseenError(gap) from unseen
        except UndeclaredCallError as stopped:
            if not self._allows(operation.service, operation.name):
                raise
            # botocore wanted one more call of its own, such as to look for a bucket's region.
            gap = Gap(operation.id, region, "NeedsUndeclaredCall", GapReason.FAILED)
            raise UnseenError(gap) from stopped
        return reply

    def client(self, service: str, region: str) -> Any:
        """The one client of a service in a region."""
        with self._lock:
            if (service, region) not in self._clients:
                self._clients[service, region] = self._guarded(service, region)
            return self._clients[service, region]

    def _guarded(self, service: str, region: str) -> Any:
        client = self._plain(service, region, _ON_AWS)
        if _is_here(client.meta.endpoint_url):
            client = self._plain(service, region, _HERE)
        elif not _is_aws(client.meta.endpoint_url):
            client = self._plain(service, region, _ELSEWHERE)
        client.meta.events.register_first("before-call.*.*", self._refuse_undeclared)
        return client

    def _plain(self, service: str, region: str, config: Config) -> Any:
        try:
            return self._session.client(  # type: ignore[call-overload]
                service, region_name=region, endpoint_url=self._endpoint_url, config=config
            )
        except BotoCoreError:
            raise
        except ValueError as error:
            raise AccountError(f"No call can be made: {error}. Check the endpoint URL.") from error

    def _allows(self, service: str, operation: str) -> bool:
        return (service, operation) in self._allowed

    def _refuse_undeclared(self, model: Any, **_: Any) -> None:
        service = model.service_model.service_name
        if not self._allows(service, model.name):
            raise UndeclaredCallError(
                f"{service}:{model.name} is not one of the declared calls, so it was stopped."
            )


_ON_AWS = Config(
    retries={"mode": "adaptive", "total_max_attempts": 5},
    max_pool_connections=2 * IN_FLIGHT,  # listing tasks call beside the pool
    connect_timeout=10,
    read_timeout=60,
    user_agent_extra=f"mlaudit/{__version__}",
)
_ELSEWHERE = _ON_AWS.merge(
    Config(retries={"mode": "standard", "total_max_attempts": 2}, inject_host_prefix=False)
)
"""An emulator does not throttle: one that answers 500 to what it lacks will do so again."""
_HERE = _ELSEWHERE.merge(Config(proxies={}))
"""What is asked of this machine is no proxy's business."""


_AWS_DOMAINS = (
    ".amazonaws.com",
    ".amazonaws.com.cn",
    ".amazonaws.eu",
    ".api.aws",
    ".c2s.ic.gov",
    ".cloud.adc-e.uk",
    ".csp.hci.ic.gov",
    ".sc2s.sgov.gov",
)


def _read(reply: Record) -> Record:
    """A reply with the content of what it would stream."""
    return {
        name: value.read() if isinstance(value, StreamingBody) else value
        for name, value in reply.items()
    }


def _is_aws(endpoint_url: str) -> bool:
    host = urlsplit(endpoint_url).hostname or ""
    return host.endswith(_AWS_DOMAINS)


def _is_here(endpoint_url: str) -> bool:
    return urlsplit(endpoint_url).hostname in {"127.0.0.1", "::1", "localhost"}


def _gap_of(error: ClientError, operation: Operation, region: str) -> Gap:
    reply = error.response
    code = str(reply.get("Error", {}).get("Code", "Unknown"))
    meta = reply.get("ResponseMetadata", {})
    status = meta.get("HTTPStatusCode")
    reason = reason_of(code, str(reply.get("Error", {}).get("Message", "")), status)
    return Gap(operation.id, region, code, reason, meta.get("RequestId"))


def _gap_without_reply(error: Exception, operation: Operation, region: str) -> Gap:
    # A service that is not in a region has no name there.
    nameless = isinstance(error, EndpointConnectionError) and isinstance(
        error.kwargs.get("error"), NameResolutionError | gaierror
    )
    reason = GapReason.REGION_OFF if nameless else GapReason.FAILED
    return Gap(operation.id, region, type(error).__name__, reason)


def open_account(access: Access, allowed: Iterable[Operation]) -> OpenAccount:
    """Find credentials and make sure they read the account that is meant.

    Args:
        access: How to get in.
        allowed: The operations that may be called, besides the two of STS that this takes.

    Raises:
        AccountError: There are no working credentials, or they are of another account.
    """
    allowed = (*allowed, GET_CALLER, ASSUME_ROLE)
    session = _session(access)
    caller = _caller(AwsApi(session, access.endpoint_url, allowed), access)
    if access.account and caller["Account"] != access.account:
        session = _in_role(session, access, caller)
        caller = _caller(AwsApi(session, access.endpoint_url, allowed), access)
    if access.account and caller["Account"] != access.account:
        raise AccountError(
            f"The role {access.role} is of account {caller['Account']}, not {access.account}. "
            f"Name a role of account {access.account}."
        )
    return OpenAccount(
        account=caller["Account"],
        caller=caller["Arn"],
        regions=(session.region_name,) if session.region_name else (),
        api=AwsApi(session, access.endpoint_url, allowed),
    )


def _session(access: Access) -> boto3.Session:
    key, secret = access.keys or (None, None)
    try:
        return boto3.Session(
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            profile_name=access.profile,
            # Every SDK reads this variable but the one in use, which knows an older name for it.
            region_name=os.environ.get("AWS_REGION") or None,
        )
    except ProfileNotFound as error:
        raise AccountError(
            f"{error}. Name one of the profiles that `aws configure list-profiles` shows."
        ) from error
    except BotoCoreError as error:
        raise AccountError(f"The AWS configuration cannot be used: {error}.") from error


def _caller(api: AwsApi, access: Access) -> Record:
    region = api._session.region_name or "us-east-1"  # noqa: SLF001 - same module
    try:
        return api.call(GET_CALLER, region, {})
    except UnseenError as error:
        raise AccountError(_why_not(error, access)) from error


_NOT_ACCEPTED = frozenset(
    {"InvalidClientTokenId", "SignatureDoesNotMatch", "UnrecognizedClientException"}
)
_EXPIRED = frozenset(
    {
        "ExpiredToken",
        "ExpiredTokenException",
        "LoginRefreshRequired",
        "RequestExpired",
        "SSOTokenLoadError",
        "TokenRetrievalError",
        "UnauthorizedSSOTokenError",
    }
)


def _why_not(error: UnseenError, access: Access) -> str:
    where = f" (profile {access.profile})" if access.profile else ""
    if isinstance(error.__cause__, NoCredentialsError):
        return (
            f"No AWS credentials were found{where}. Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY, or name a profile with --profile."
        )
    if error.gap.code in _EXPIRED:
        return (
            f"The AWS credentials have expired{where}. Get fresh ones, "
            "for example with `aws sso login`."
        )
    if error.gap.code in _NOT_ACCEPTED:
        return (
            f"AWS does not accept the credentials{where} ({error.gap.code}). "
            "Check the access key and the session token."
        )
    return (
        f"AWS does not say whose the credentials are{where}: sts:GetCallerIdentity failed with "
        f"{error.gap.code}. Check the network, the endpoint and the credentials."
    )


def _in_role(session: boto3.Session, access: Access, caller: Record) -> boto3.Session:
    """A session of the role, which renews itself when its credentials run out."""
    if not access.role:
        raise AccountError(
            f"The credentials are of account {caller['Account']}, not {access.account}. "
            f"Use credentials of {access.account}, or name a role in it with --role-name."
        )
    request = {"RoleArn": _role_arn(access, caller), "RoleSessionName": "mlaudit"}
    if access.external_id:
        request["ExternalId"] = access.external_id
    api = AwsApi(session, access.endpoint_url, [ASSUME_ROLE])
    region = session.region_name or "us-east-1"

    def renew() -> dict[str, str]:
        keys = api.call(ASSUME_ROLE, region, request)["Credentials"]
        return {
            "access_key": keys["AccessKeyId"],
            "secret_key": keys["SecretAccessKey"],
            "token": keys["SessionToken"],
            "expiry_time": keys["Expiration"].isoformat(),
        }

    try:
        credentials = RefreshableCredentials.create_from_metadata(renew(), renew, "assume-role")
    except UnseenError as error:
        raise AccountError(
            f"{request['RoleArn']} cannot be assumed ({error.gap.code}) as {caller['Arn']}. Check "
            "that the role exists, that its trust policy names the caller, and --external-id."
        ) from error
    core = CoreSession(profile=access.profile)
    core._credentials = credentials  # type: ignore[attr-defined]  # noqa: SLF001 - no public way
    return boto3.Session(botocore_session=core, region_name=session.region_name)


def _role_arn(access: Access, caller: Record) -> str:
    role = access.role or ""
    if role.startswith("arn:"):
        return role
    partition = caller["Arn"].split(":")[1]
    return f"arn:{partition}:iam::{access.account}:role/{role}"
