"""The guard of every test: nothing beyond loopback, nobody's AWS credentials."""

import _socket
import asyncio
import http.client
import os
import socket
import ssl
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import boto3
import pytest
import urllib3
from botocore.exceptions import NoCredentialsError

NAME = "example.com"
# An address that is set aside for documentation: nobody answers there.
ADDRESS = "192.0.2.1"


def _asyncio() -> None:
    # In a thread of its own: a test that drives a browser may have a loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, asyncio.open_connection(ADDRESS, 80)).result()


def _boto3() -> None:
    session = boto3.Session("key", "secret", region_name="us-east-1")
    session.client("sts").get_caller_identity()


def _connect_ex() -> None:
    with socket.socket() as plain:
        plain.connect_ex((ADDRESS, 80))


def _connect_tls() -> None:
    with ssl.create_default_context().wrap_socket(socket.socket(), server_hostname=NAME) as secure:
        secure.connect((ADDRESS, 443))


def _connect_below_socket() -> None:
    below = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM)
    try:
        below.connect((ADDRESS, 80))
    finally:
        below.close()


def _connect_ipv6() -> None:
    with socket.socket(socket.AF_INET6) as plain:
        plain.connect(("2001:db8::1", 80))


def _datagram() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as plain:
        plain.sendto(b"", (ADDRESS, 53))


def _in_a_thread() -> None:
    with ThreadPoolExecutor() as pool:
        pool.submit(socket.create_connection, (ADDRESS, 80)).result()


def _swallowed() -> None:
    try:
        socket.create_connection((ADDRESS, 80))
    except Exception:  # noqa: BLE001 - what the code under test might do
        return


ROUTES: dict[str, Callable[[], Any]] = {
    "asyncio": _asyncio,
    "boto3": _boto3,
    "connect_ex": _connect_ex,
    "connect over TLS": _connect_tls,
    "connect below the socket module": _connect_below_socket,
    "connect over IPv6": _connect_ipv6,
    "create_connection": lambda: socket.create_connection((ADDRESS, 80), timeout=1),
    "create_connection by name": lambda: socket.create_connection((NAME, 80), timeout=1),
    "datagram": _datagram,
    "getaddrinfo": lambda: socket.getaddrinfo(NAME, 80),
    "gethostbyname": lambda: socket.gethostbyname(NAME),
    "http.client": lambda: http.client.HTTPSConnection(NAME, timeout=1).request("GET", "/"),
    "instance metadata": lambda: socket.create_connection(("169.254.169.254", 80), timeout=1),
    "swallowed by the code under test": _swallowed,
    "thread": _in_a_thread,
    "urllib": lambda: urllib.request.urlopen(f"http://{NAME}", timeout=1),
    "urllib3": lambda: urllib3.PoolManager(retries=False).request("GET", f"https://{NAME}"),
}


@pytest.mark.parametrize("route", ROUTES.values(), ids=ROUTES.keys())
def test_nothing_beyond_loopback_is_reached(route: Callable[[], Any]) -> None:
    with pytest.raises(pytest.fail.Exception, match="Tests may reach loopback only"):
        route()


def test_loopback_is_reached() -> None:
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        Thread(target=server.handle_request).start()
        connection = http.client.HTTPConnection("localhost", server.server_port, timeout=5)
        connection.request("PATCH", "/")
        assert connection.getresponse().status == http.HTTPStatus.NOT_IMPLEMENTED
        connection.close()


def test_a_socket_of_this_machine_is_reached() -> None:
    here, there = socket.socketpair()
    with here, there:
        here.sendall(b"x")
        assert there.recv(1) == b"x"


def test_nobodys_credentials_are_found() -> None:
    session = boto3.Session()
    with pytest.raises(NoCredentialsError):
        session.client("sts", "us-east-1").get_caller_identity()
    assert not session.region_name
    assert session.available_profiles == []


def test_nothing_is_set_for_aws_but_what_isolates() -> None:
    assert {name: value for name, value in os.environ.items() if name.startswith("AWS_")} == {
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }
