"""What is told about each item of the checklist."""

import pytest

from mlaudit.catalog import Item, catalogue
from mlaudit.pages import entry, page

KNOWN = catalogue()
ITEMS = {item.id: item for item in KNOWN.items}
each_item = pytest.mark.parametrize("item", KNOWN.items, ids=list(ITEMS))


@each_item
def test_a_page_tells_what_is_asked_and_where_from(item: Item) -> None:
    text = page(item, KNOWN)
    assert text.startswith(f"# {item.id} {item.title}\n\n{item.asks}\n")
    assert item.guidance in text
    assert "## How to attest" in text
    assert "\n\n\n" not in text
    assert text.endswith("\n")


@each_item
def test_a_page_tells_what_counts_and_how_to_fix_it_once_there_is_a_check(item: Item) -> None:
    text = page(item, KNOWN)
    has_check = item.id in KNOWN.checks
    assert ("## What counts" in text) == has_check
    assert ("## How to fix" in text) == has_check
    assert ("No check judges this item yet" in text) != has_check


@pytest.mark.parametrize(
    ("item", "says"),
    [
        ("6.errors", "its number there is not known"),
        ("6.errors", "Must not fail for the streaming gate to open."),
        ("4.6", "It cannot be attested: the gate decides it."),
        ("7.4", "Covered in the gate score once 7.5 or 7.6 or 7.7 is complete."),
        ("5.1", "A checkout of the code, given with `--repo`; nothing of the account."),
        ("1.1", "- `s3:GetBucketVersioning`\n"),
        ("6.errors", "- `resourcegroupstaggingapi:GetResources` (IAM: `tag:GetResources`)"),
        ("9.4", "- EU AI Act, Regulation (EU) 2024/1689 (as of 2026-06-29): Article 14"),
        ("2.2", "mlaudit attest 2.2 --workload NAME"),
    ],
)
def test_a_page_tells_what_is_special_about_its_item(item: str, says: str) -> None:
    assert says in page(ITEMS[item], KNOWN)


def test_an_entry_is_data_for_programs() -> None:
    found = entry(ITEMS["7.4"], KNOWN)
    assert found["has_check"]
    assert not found["floor"]
    assert found["any_of"] == ["7.4", "7.5", "7.6", "7.7"]
    assert found["maps"]["ml_test_score"] == ["Infra 6"]
    assert "sagemaker:DescribeEndpoint" in found["reads"]
    assert "sagemaker:DescribeEndpoint" in found["iam_actions"]
    assert "tag:GetResources" in found["iam_actions"]
