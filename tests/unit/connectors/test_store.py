"""The store: bytes under their hash, records that appear complete or not at all."""

import errno
import hashlib
import os
import shutil
from pathlib import Path

import pytest

from connectors import observations
from connectors.errors import StoreError
from connectors.records import FetchRecord
from connectors.store import Store
from tests.release.conftest import put_object

BODY = b"some bytes"
SHA256 = hashlib.sha256(BODY).hexdigest()


@pytest.fixture
def store(tmp_path) -> Store:
    return Store(tmp_path / "root", illustrative=False)


def files(root: Path) -> list[str]:
    return sorted(str(p.relative_to(root)) for p in root.rglob("*") if p.is_file())


def test_an_object_lies_under_its_hash_once(store):
    assert put_object(store, BODY) == (SHA256, 10)
    assert put_object(store, BODY) == (SHA256, 10)
    assert store.read_object(SHA256) == BODY
    assert files(store.root) == [f"objects/sha256/{SHA256[:2]}/{SHA256}"]


def test_a_changed_object_is_noticed_at_each_read(store):
    put_object(store, BODY)
    store.object_path(SHA256).write_bytes(b"some bytez")
    with pytest.raises(StoreError, match=f"{SHA256} no longer has the bytes"):
        store.read_object(SHA256)


def test_a_missing_object_is_named(store):
    with pytest.raises(StoreError, match=f"{SHA256} is missing"):
        store.read_object(SHA256)


@pytest.mark.parametrize("name", ["../../etc/passwd", "A" * 64, "", "0" * 63])
def test_what_is_no_hash_is_no_path(store, name):
    with pytest.raises(StoreError, match="not a sha256"):
        store.read_object(name)


@pytest.mark.parametrize("key", ["unsd", "unsd/../x", "/etc/x", "unsd/a b", "a/b/c"])
def test_what_is_no_key_is_no_path(store, key):
    with pytest.raises(StoreError, match="not the key"):
        store.list_vintages(key)


def test_what_is_no_vintage_is_no_path(store):
    with pytest.raises(StoreError, match="not the id"):
        store.observations_path("unsd/x", "../../x")


def test_a_scratch_folder_goes_whatever_happens_in_it(store):
    with pytest.raises(ConnectionError), store.scratch() as folder:
        (folder / "body").write_bytes(b"half")
        raise ConnectionError
    assert files(store.root) == []


@pytest.mark.parametrize(
    ("code", "words"),
    [(errno.ENOSPC, "disk is full"), (errno.EROFS, "may not be written"), (errno.EACCES, "permissions")],
)
def test_disk_trouble_is_told_plainly_and_leaves_the_old_record(store, monkeypatch, code, words):
    record = FetchRecord(
        dataset="unsd/x", at="2026-03-01T00:00:00Z", question_sha256="0" * 64, parts={}, errors={}
    )
    store.put_fetched(record)
    before = files(store.root)

    def full(*_: object) -> None:
        raise OSError(code, "no")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match=words) as caught:
        store.put_fetched(record.model_copy(update={"at": "2027-01-01T00:00:00Z"}))
    assert caught.value.exit_code == 5
    monkeypatch.undo()
    assert store.last_fetched("unsd/x") == record
    assert files(store.root) == before


def test_a_second_process_is_refused_while_a_data_set_is_locked(store):
    with store.locked("unsd/x"):
        with (
            pytest.raises(
                StoreError,
                match=rf"process {os.getpid()} on .+ has been refreshing unsd/x since .+ \(0 min\)",
            ),
            store.locked("unsd/x"),
        ):
            pass
        with store.locked("unsd/y"):
            pass
    with store.locked("unsd/x"):
        pass


def test_a_damaged_record_is_named(sample_store, tmp_path):
    store = copy_of(sample_store, tmp_path)
    vintage = store.latest_vintage("unsd/sdg_12_c")
    store.observations_path("unsd/sdg_12_c", vintage.vintage).with_suffix(".json").write_text("{")
    with pytest.raises(StoreError, match="is damaged"):
        store.latest_vintage("unsd/sdg_12_c")


def test_changed_observations_are_noticed(sample_store, tmp_path):
    store = copy_of(sample_store, tmp_path)
    vintage = store.latest_vintage("unsd/sdg_12_c").vintage
    assert (
        store.read_observations("unsd/sdg_12_c", vintage).height
        == store.get_vintage("unsd/sdg_12_c", vintage).rows
    )
    path = store.observations_path("unsd/sdg_12_c", vintage)
    observations.write_parquet(observations.read_parquet(path).head(5), path)
    with pytest.raises(StoreError, match="missing or changed on disk"):
        store.read_observations("unsd/sdg_12_c", vintage)


def copy_of(store: Store, tmp_path: Path) -> Store:
    shutil.copytree(store.root, tmp_path / "copy")
    return Store(tmp_path / "copy", store.illustrative)
