"""No test reaches the network or the AWS credentials of whoever runs it.

The guard is an audit hook: Python calls it for every connection, name look-up and datagram, however
it is made, and it cannot be removed. It raises what ``pytest.fail`` raises, which no ``except
Exception`` on the way can mistake for a network that is down.
"""

import os
import sys
from collections.abc import Callable, MutableMapping
from ipaddress import ip_address
from typing import Any

import pytest
from hypothesis import settings

_NAMES_OF_LOOPBACK = {"", "localhost", "0.0.0.0", "::"}  # noqa: S104 - compared, not bound

ISOLATED = {
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "BOTO_CONFIG": os.devnull,
}
"""All that tests see of an AWS configuration."""


# The same examples in every run: a change that broke nothing must not turn red.
settings.register_profile("stable", derandomize=True, database=None)
settings.load_profile("stable")


def pytest_configure() -> None:
    """Guard everything, from before the first test module is imported."""
    sys.addaudithook(_refuse_beyond_loopback)
    _isolate(os.environ)
    # Some tests make environments: uv trusts certificates of its own where pip trusts the system's.
    os.environ.setdefault("UV_SYSTEM_CERTS", "true")


@pytest.fixture(autouse=True)
def _isolated_from_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in _aws_settings(os.environ):
        monkeypatch.delenv(name)
    for name, value in ISOLATED.items():
        monkeypatch.setenv(name, value)


def _isolate(environment: MutableMapping[str, str]) -> None:
    for name in _aws_settings(environment):
        del environment[name]
    environment.update(ISOLATED)


def _aws_settings(environment: MutableMapping[str, str]) -> list[str]:
    return [name for name in environment if name.startswith("AWS_")]


def _refuse_beyond_loopback(event: str, args: tuple[Any, ...]) -> None:
    host_of = _HOST_OF.get(event)
    if host_of is None or _is_loopback(host := host_of(args)):
        return
    pytest.fail(
        f"A test tried to reach {host!r} ({event}). Tests may reach loopback only: "
        "serve what is needed with mlaudit.emulator, or use botocore's Stubber."
    )


def _host_in_address(args: tuple[Any, ...]) -> Any:
    """The host of an address given after the socket; ``None`` when it is a path of this machine."""
    address = args[1]
    return address[0] if isinstance(address, tuple) else None


def _host_itself(args: tuple[Any, ...]) -> Any:
    return args[0]


_HOST_OF: dict[str, Callable[[tuple[Any, ...]], Any]] = {
    "socket.connect": _host_in_address,
    "socket.sendto": _host_in_address,
    "socket.sendmsg": _host_in_address,
    "socket.getaddrinfo": _host_itself,
    "socket.gethostbyaddr": _host_itself,
    "socket.gethostbyname": _host_itself,
    "socket.getnameinfo": lambda args: args[0][0],
}


def _is_loopback(host: Any) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    if name is None or name in _NAMES_OF_LOOPBACK:
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
