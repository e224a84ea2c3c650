from datetime import UTC, datetime
from pathlib import Path

from connectors.config import SourceSettings
from connectors.registry import get_dataset
from connectors.sample import SAMPLE_NOW
from orchestration.workplace import Workplace, hash_parts

NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)


def make(home: Path, mode: str = "sample") -> Workplace:
    return Workplace(
        SourceSettings.from_env({"CIRCULARITY_HOME": str(home), "CIRCULARITY_SOURCE": mode}), now=NOW
    )


def test_the_sample_year_chooses_its_vintage(tmp_path: Path) -> None:
    place = make(tmp_path)
    assert place.for_year("2025").settings.sample_vintage == 1
    assert place.for_year("2026").settings.sample_vintage == 2
    assert place.for_year("2031").settings.sample_vintage == 2
    assert place.for_year(None) is place


def test_real_data_know_no_vintage_of_the_sample(tmp_path: Path) -> None:
    place = make(tmp_path, "archive")
    assert place.for_year("2025") is place
    assert place.source_time == NOW
    assert make(tmp_path).source_time == SAMPLE_NOW


def test_each_kind_of_data_has_its_own_root(tmp_path: Path) -> None:
    assert make(tmp_path).root == tmp_path / "sample"
    assert make(tmp_path, "archive").root == make(tmp_path, "live").root == tmp_path / "real"


def test_the_open_release_of_a_year_is_the_first_unpublished_id(tmp_path: Path) -> None:
    place = make(tmp_path, "archive")
    assert place.open_year("2023").release_id == "2023.1"
    (tmp_path / "real" / "releases" / "published" / "2023.1").mkdir(parents=True)
    assert place.open_year("2023").release_id == "2023.2"
    assert make(tmp_path).open_year("2023").release_id == "sample-2023.1"


def test_the_samples_first_vintage_is_stored_before_its_second(tmp_path: Path) -> None:
    """Whoever refreshes first gets a store from which the first sample release can still be locked."""
    place, spec = make(tmp_path), get_dataset("world_bank/sp_pop_totl")
    place.fetch(spec)
    assert place.ingest(spec).outcome == "new"
    first, second = place.store().list_vintages(spec.key)
    assert (first.last_year, second.last_year) == (2023, 2024)


def test_parts_hash_alike_in_any_order() -> None:
    assert hash_parts({"a": "1", "b": "2"}) == hash_parts({"b": "2", "a": "1"}) != hash_parts({"a": "1"})
