"""What of tags, hyperparameters and URLs is kept."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from mlaudit.collect.values import (
    NOT_KEPT,
    kept_hyperparameters,
    kept_tags,
    s3_uris,
    tag_map,
    utc,
    utc_or_none,
    without_login,
)

SECRETS = [
    ("password", "a"),
    ("DB_PASSWD", "a"),
    ("pwd", "a"),
    ("api-key", "a"),
    ("apikey", "a"),
    ("x-access-key", "a"),
    ("git-token", "a"),
    ("connection_string", "a"),
    ("owner", "AKIAIOSFODNN7EXAMPLE"),
    ("owner", "-----BEGIN RSA PRIVATE KEY-----"),
    ("owner", "ghp_abcdefghijklmnopqrstuvwxyz"),
    ("owner", "github_pat_abcdefghijklmnopqrst"),
    ("owner", "glpat-abcdefghijklmnopqrst"),
    ("owner", "hf_abcdefghijklmnopqrstuvwxyz"),
    ("owner", "xoxb-123456789012-abcdefghijkl"),
    ("owner", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.x"),
    ("owner", "https://bot:hunter2@git.example.com"),
    ("owner", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
]
HARMLESS = [
    ("workload", "fraud"),
    ("author", "ada@example.com"),
    ("commit", "0123456789abcdef0123456789abcdef01234567"),
    ("arn", "arn:aws:sagemaker:eu-west-1:111122223333:pipeline/fraud"),
    ("repository", "https://git.example.com/fraud"),
    ("team", "sk-nordic"),
    ("empty", ""),
]


@pytest.mark.parametrize(("name", "value"), SECRETS)
def test_a_tag_that_may_be_a_secret_keeps_its_key_only(name: str, value: str) -> None:
    assert kept_tags({name: value}) == {name: NOT_KEPT}
    assert tag_map([{"Key": name, "Value": value}]) == {name: NOT_KEPT}


@pytest.mark.parametrize(("name", "value"), HARMLESS)
def test_any_other_tag_is_kept(name: str, value: str) -> None:
    assert kept_tags({name: value}) == {name: value}


def test_no_tags_are_an_empty_mapping() -> None:
    assert kept_tags(None) == tag_map(None) == {}
    assert tag_map([{"Key": "a"}]) == {"a": ""}


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("epochs", "3", "3"),
        ("rate", "1e-4", "1e-4"),
        ("rate", "-0.5", "-0.5"),
        ("verbose", "True", "True"),
        ("optimizer", "adam", NOT_KEPT),
        ("api_key", "42", NOT_KEPT),
        ("pin", "1 2", NOT_KEPT),
    ],
)
def test_only_numbers_and_flags_of_hyperparameters_are_kept(
    name: str, value: str, kept: str
) -> None:
    assert kept_hyperparameters({name: value}) == {name: kept}


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://bot:hunter2@git.example.com/a@b", "https://git.example.com/a@b"),
        ("https://hunter2@git.example.com/a", "https://git.example.com/a"),
        ("https://git.example.com/a", "https://git.example.com/a"),
        ("git@git.example.com:a", "git@git.example.com:a"),
        (None, None),
    ],
)
def test_a_url_is_kept_without_its_login(url: str | None, kept: str | None) -> None:
    assert without_login(url) == kept


def test_times_are_brought_to_utc() -> None:
    there = datetime(2026, 6, 1, 2, tzinfo=timezone(timedelta(hours=2)))
    assert utc(there) == there
    assert utc(there).tzinfo is UTC
    assert utc_or_none(None) is None


def test_s3_locations_are_found_where_there_are_some() -> None:
    members: list[dict[str, Any]] = [{"a": {"b": "s3://x"}}, {"a": None}, {}, {"a": {"b": ""}}]
    assert s3_uris(members, "a", "b") == ("s3://x",)
    assert s3_uris(None, "a") == ()
