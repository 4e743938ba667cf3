"""The bundled checklist, and a result for each of its items."""

from collections.abc import Callable, Collection, Mapping

import pytest
from hypothesis import settings

from mlaudit.audit import ItemResult
from mlaudit.catalog import Catalogue, Item
from mlaudit.catalog import catalogue as bundled
from mlaudit.model import Status, Strength, Verdict

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")  # a busy machine must not fail a property

Results = Callable[..., tuple[ItemResult, ...]]


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return bundled()


@pytest.fixture(scope="session")
def results(catalogue: Catalogue) -> Results:
    """One result for every item: a pass, where no other status is given."""

    def of(
        statuses: Mapping[str, Status], attested: Collection[str] = ()
    ) -> tuple[ItemResult, ...]:
        return tuple(
            _result(item, statuses.get(item.id, Status.PASS), attested=item.id in attested)
            for item in catalogue.items
        )

    return of


def _result(item: Item, status: Status, *, attested: bool) -> ItemResult:
    return ItemResult(
        id=item.id,
        title=item.title,
        section=item.section,
        scope=item.scope,
        status=status,
        strength=Strength.ATTESTED if attested else Verdict(status, (), (), "").strength,
        critical=False,
        summary=f"it is {status}",
        observations=(),
        gaps=(),
    )
