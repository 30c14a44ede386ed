from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import shape
from benchmarks.conductor import EngineFailedError, Entry, alternate, speed_ratio
from benchmarks.paced import save_case


def test_engines_take_turns_and_report(tmp_path: Path) -> None:
    case = tmp_path / "case.npz"
    firms = shape.make_firms(200)
    save_case(case, firms, shape.judge_all(firms))
    entry = Entry("polars", "benchmarks.peers.polars_by_hand", [str(case), "--rows", "150"])

    measured = alternate([entry], 2)["polars"]

    assert (measured["key"], measured["rows"], len(measured["times_s"]), measured["identical"]) == ("polars", 150, 2, True)


def test_engine_that_fails_is_named(tmp_path: Path) -> None:
    with pytest.raises(EngineFailedError, match="absent"):
        alternate([Entry("absent", "benchmarks.peers.polars_by_hand", [str(tmp_path / "absent.npz")])], 1)


def test_ratio_compares_time_per_firm() -> None:
    assert speed_ratio({"median_s": 2.0, "rows": 10}, {"median_s": 1.0, "rows": 1000}) == 200.0
