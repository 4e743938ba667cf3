"""When two states of a setting are the same thing."""

from __future__ import annotations

from typing import Any

import pytest

from mlaudit.remediate.change import State
from mlaudit.remediate.setting import Setting


def _setting(**more: Any) -> Setting:
    return Setting(
        name="kind",
        title="thing",
        reads=(),
        writes=(),
        read=lambda _key, _ask: None,
        calls=lambda _key, _before, _after: (),
        arn=lambda _key, _account, _region: "arn",
        **more,
    )


SETTING = _setting(ignores=("How",), defaults={"On": False, "Key": None}, documents=("Text",))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (None, None, True),
        (None, {}, False),
        ({"A": 1}, {"A": 1}, True),
        ({"A": 1}, {"A": 2}, False),
        ({"A": 1, "How": "x"}, {"A": 1, "How": "y"}, True),
        ({"A": 1, "How": "x"}, {"A": 1}, True),
        (None, {"How": "x"}, False),
        ({"On": False}, {}, True),
        ({"On": True}, {}, False),
        ({"Key": None}, {}, True),
        ({"Text": '{"a": 1, "b": 2}'}, {"Text": '{"b":2,"a":1}'}, True),
        ({"Text": '{"a": 1}'}, {"Text": '{"a": 2}'}, False),
        ({"Text": "no document"}, {"Text": "no document"}, True),
        ({"Text": "no document"}, {"Text": "another"}, False),
        ({"A": '{"a": 1}'}, {"A": '{"a":1}'}, False),
    ],
)
def test_states_are_equal_when_they_are_the_same_thing(
    one: State, other: State, *, same: bool
) -> None:
    assert SETTING.are_equal(one, other) is same
    assert SETTING.are_equal(other, one) is same
