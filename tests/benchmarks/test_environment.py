from __future__ import annotations

from pathlib import Path

from benchmarks.environment import REQUIREMENTS, STAMP, digest, is_current


def test_environment_without_stamp_is_not_used(tmp_path: Path) -> None:
    assert is_current(tmp_path, REQUIREMENTS) is False


def test_environment_of_other_requirements_is_not_used(tmp_path: Path) -> None:
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("a==1\n", encoding="ascii")
    (tmp_path / STAMP).write_text(digest(requirements), encoding="ascii")

    before = is_current(tmp_path, requirements)
    requirements.write_text("a==2\n", encoding="ascii")

    assert (before, is_current(tmp_path, requirements)) == (True, False)


def test_lock_names_every_hash_and_no_registry() -> None:
    text = REQUIREMENTS.read_text(encoding="ascii")
    pins = [line for line in text.splitlines() if "==" in line.split(";")[0] and not line.startswith(" ")]

    assert "//" not in text
    assert all(line.endswith("\\") for line in pins)
    assert {line.split("==")[0] for line in pins} >= {"openfisca-core", "zen-engine", "rule-engine", "numpy"}
