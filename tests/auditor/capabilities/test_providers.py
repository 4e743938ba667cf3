"""How a capability finds what makes it."""

import pytest

from mlaudit.capabilities import provider, providers
from mlaudit.capabilities.governance import SignOff, sign_offs
from mlaudit.errors import MlauditError
from mlaudit.evidence import Evidence
from mlaudit.sight import View


def test_a_capability_is_found_by_what_its_provider_returns() -> None:
    assert providers()[SignOff] is sign_offs


def test_nothing_is_made_twice() -> None:
    def also_sign_offs(view: View) -> Evidence[SignOff]:
        return sign_offs(view)

    with pytest.raises(MlauditError, match="two providers make SignOff"):
        provider(also_sign_offs)
    assert providers()[SignOff] is sign_offs
