"""Nothing is half written: a file or folder appears whole, or stays as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from tidu.exchange.whole_files import write_whole, write_whole_folder
from tidu.kernel.errors import TiduError

NAMES = frozenset({"a.txt", "b.txt"})


def test_file_is_written(tmp_path: Path) -> None:
    assert write_whole(tmp_path / "a.txt", lambda draft: draft.write_text("new")) == tmp_path / "a.txt"

    assert [entry.name for entry in tmp_path.iterdir()] == ["a.txt"]
    assert (tmp_path / "a.txt").read_text() == "new"


def test_failing_writer_leaves_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("old")

    def fail(draft: Path) -> None:
        draft.write_text("half")
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - the writer's own error comes through as it is
        write_whole(tmp_path / "a.txt", fail)

    assert [entry.name for entry in tmp_path.iterdir()] == ["a.txt"]
    assert (tmp_path / "a.txt").read_text() == "old"


def test_full_disk_is_told_in_a_sentence(tmp_path: Path) -> None:
    def fail(draft: Path) -> None:
        draft.write_text("half")
        raise OSError(28, "No space left on device")

    with pytest.raises(TiduError) as caught:
        write_whole(tmp_path / "a.txt", fail)

    assert caught.value.code == "cannot-write"
    assert "No space left on device" in caught.value.message
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["missing/a.txt", "folder"])
def test_place_that_cannot_be_written(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()

    with pytest.raises(TiduError) as caught:
        write_whole(tmp_path / name, lambda draft: draft.write_text("x"))

    assert caught.value.code == "cannot-write"
    assert [entry.name for entry in tmp_path.iterdir()] == ["folder"]


def test_folder_replaces_one_of_its_own_kind(tmp_path: Path) -> None:
    folder = tmp_path / "pq"
    write_whole_folder(folder, lambda draft: (draft / "a.txt").write_text("1"), names=NAMES)
    write_whole_folder(folder, lambda draft: (draft / "b.txt").write_text("2"), names=NAMES)

    assert [entry.name for entry in tmp_path.iterdir()] == ["pq"]
    assert [entry.name for entry in folder.iterdir()] == ["b.txt"]


def test_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "pq").mkdir()
    (tmp_path / "pq" / "thesis.doc").write_text("mine")

    with pytest.raises(TiduError) as caught:
        write_whole_folder(tmp_path / "pq", lambda draft: (draft / "a.txt").write_text("1"), names=NAMES)

    assert caught.value.code == "folder-in-use"
    assert [entry.name for entry in (tmp_path / "pq").iterdir()] == ["thesis.doc"]


def test_failing_folder_writer_leaves_the_old_folder(tmp_path: Path) -> None:
    write_whole_folder(tmp_path / "pq", lambda draft: (draft / "a.txt").write_text("1"), names=NAMES)

    def fail(draft: Path) -> None:
        (draft / "a.txt").write_text("2")
        raise OSError(28, "No space left on device")

    with pytest.raises(TiduError):
        write_whole_folder(tmp_path / "pq", fail, names=NAMES)

    assert [entry.name for entry in tmp_path.iterdir()] == ["pq"]
    assert (tmp_path / "pq" / "a.txt").read_text() == "1"
