"""The reader that keeps each id once."""

from __future__ import annotations

from mlaudit_reference.container.streaming.reader import OnceEach


def of(*ids: str, remembered: int | None = None) -> list[int]:
    results = ({"record_id": each, "place": place} for place, each in enumerate(ids))
    return [each["place"] for each in OnceEach(remembered).of(results)]


def test_the_first_of_each_id_counts() -> None:
    assert of("a", "b", "a", "c", "b") == [0, 1, 3]


def test_it_goes_on_over_several_reads() -> None:
    reader = OnceEach()
    assert len(list(reader.of([{"record_id": "a"}]))) == 1
    assert list(reader.of([{"record_id": "a"}])) == []


def test_the_oldest_are_forgotten_where_memory_is_bounded() -> None:
    assert of("a", "b", "b", "c", "a", "c", remembered=2) == [0, 1, 3, 4]
