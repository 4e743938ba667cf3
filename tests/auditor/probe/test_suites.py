"""What kinds of suite a test file belongs to, by its name and by what it says."""

from __future__ import annotations

import pytest

from mlaudit.probe.suites import kinds_of
from mlaudit.resources.repository import FactKind


@pytest.mark.parametrize(
    ("path", "text", "kinds"),
    [
        ("tests/test_train.py", "", {FactKind.UNIT_TESTS}),
        ("tests/smoke/test_train.py", "", {FactKind.SMOKE_TESTS}),
        ("load_tests/test_endpoint.py", "", {FactKind.LOAD_TESTS}),
        ("tests/performance-tests/test_endpoint.py", "", {FactKind.LOAD_TESTS}),
        ("locustfile.py", "", {FactKind.LOAD_TESTS}),
        ("tests/test_performance_chart.py", "", {FactKind.UNIT_TESTS}),
        ("tests/test_load.py", "", {FactKind.UNIT_TESTS}),
        ("tests/test_edge_cases.py", "predict(None)", {FactKind.EXTREME_TESTS}),
        ("tests/test_edge_cases.py", "parse('')", {FactKind.UNIT_TESTS}),
    ],
)
def test_a_name_tells_the_kind(path: str, text: str, kinds: set[FactKind]) -> None:
    assert {kind for kind, _ in kinds_of(path, text)} == kinds


def test_tests_that_nobody_has_filled_in_are_none() -> None:
    text = "# mlaudit: not filled in.\ndef test_a() -> None: ..."
    assert list(kinds_of("tests/unit/test_a.py", text)) == []
    assert list(kinds_of("tests/unit/test_a.py", f"import a\n{text}"))
