"""What the registry keeps of a decision."""

import pytest

from mlaudit.audit import Outcome
from mlaudit.decision import Decision, Question
from mlaudit.enforcement.reason import LIMIT, one_line, reason
from mlaudit.thresholds import Target


def test_it_tells_what_was_asked_and_why_not() -> None:
    decision = Decision(
        Question(Target.BATCH, package="arn"), Outcome.CANNOT_DECIDE, ("It is\nold.",)
    )
    assert reason(decision) == "mlaudit gate for batch: cannot decide. It is old."


@pytest.mark.parametrize("length", [LIMIT - 1, LIMIT, LIMIT + 1, 5000])
def test_it_is_cut_to_what_the_registry_holds(length: int) -> None:
    made = one_line("x" * length)
    assert len(made) == min(length, LIMIT)
    assert made.endswith("…") is (length > LIMIT)


def test_nothing_hidden_gets_through() -> None:
    assert one_line("a\r\n\tb\u202e c\u2028") == "a b c"
