"""One engine measured in its own process, one repetition at a time.

The conductor (`benchmarks.conductor`) starts several such processes and lets them take turns, so that a busy moment
of the machine strikes all of them alike. Started by hand without ``--paced`` a process simply runs through.

Standard output carries JSON, one object a line: ``{"ready": true}`` after the warm-up, ``{"seconds": …}`` per
repetition (both only with ``--paced``), and last the full measurement.

Needs numpy and the standard library only, since it also runs in the environment of the peers.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.shape import INPUTS, OUTPUTS, Columns


@dataclass(frozen=True)
class Contender:
    """An engine with its data loaded and its rules compiled; only `run` is timed."""

    name: str
    run: Callable[[], Any]
    columns: Callable[[Any], dict[str, Any]] | None = None
    """The result of `run` as one sequence per output, money in yuan; None where there is no reference."""
    note: str = ""
    rows: int | None = None
    """How many firms one run handles, where that is not the number of rows of the case."""


def save_case(path: Path, firms: Columns, reference: Columns) -> None:
    """One file with the inputs and the right answers."""
    np.savez(path, **firms, **{f"right_{name}": values for name, values in reference.items()})


def load_case(path: Path, rows: int | None = None) -> tuple[Columns, Columns]:
    """The first `rows` firms of a saved case, with the right answers."""
    with np.load(path) as stored:
        firms = {name: np.ascontiguousarray(stored[name][:rows]) for name in INPUTS}
        reference = {name: stored[f"right_{name}"][:rows] for name in OUTPUTS}
    return firms, reference


def differences(found: dict[str, Any], reference: Columns) -> dict[str, dict[str, float]]:
    """Per output the number of firms that differ from the reference and the largest difference."""
    wrong = {}
    for name, right in reference.items():
        values = np.asarray(found[name], dtype=np.float64)
        unlike = ~(values == right)  # NaN is unlike everything
        if unlike.any():
            largest = np.nanmax(np.abs(values - right)) if not np.isnan(values[unlike]).all() else float("nan")
            wrong[name] = {"firms": int(unlike.sum()), "largest": float(largest)}
    return wrong


def memory_mb(key: str) -> float:
    """`VmRSS` or `VmHWM` of this process in MiB."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(key + ":"):
            return int(line.split()[1]) / 1024
    raise LookupError(key)


def restart_peak() -> None:
    """Sets the peak of the resident memory (VmHWM) back to its present size (proc(5), clear_refs)."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def measure_memory(run: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    """Runs once; the result and the memory before, at the peak and in between."""
    gc.collect()
    restart_peak()
    before = memory_mb("VmRSS")
    result = run()
    peak = memory_mb("VmHWM")
    return result, {"base_mb": round(before, 1), "peak_mb": round(peak, 1), "extra_mb": round(peak - before, 1)}


def timed(run: Callable[[], Any]) -> tuple[float, float]:
    """Wall seconds and processor seconds (all threads) of one run; its result is dropped outside the clock."""
    gc.collect()
    wall, processor = time.perf_counter(), time.process_time()
    result = run()
    seconds = time.perf_counter() - wall, time.process_time() - processor
    del result
    return seconds


def turns(repetitions: int, *, paced: bool) -> Iterator[None]:
    """One turn per repetition; when paced, each waits for a line from the conductor and ends with its input."""
    if not paced:
        yield from (None for _ in range(repetitions))
        return
    say({"ready": True})
    for _line in sys.stdin:
        yield None


def say(message: dict[str, Any]) -> None:
    print(json.dumps(message, ensure_ascii=False), flush=True)


def measure(contender: Contender, *, rows: int, reference: Columns | None, repetitions: int, paced: bool) -> None:
    """Warm-up with memory and comparison, then the timed repetitions, then the measurement on standard output."""
    started = time.perf_counter()
    result, memory = measure_memory(contender.run)
    first = time.perf_counter() - started
    wrong = None
    if contender.columns is not None and reference is not None:
        wrong = differences(contender.columns(result), reference)
    del result
    wall: list[float] = []
    processor: list[float] = []
    for _turn in turns(repetitions, paced=paced):
        seconds, busy = timed(contender.run)
        wall.append(seconds)
        processor.append(busy)
        if paced:
            say({"seconds": seconds})
    say(
        {
            "engine": contender.name,
            "note": contender.note,
            "rows": contender.rows or rows,
            "first_s": round(first, 6),
            "median_s": statistics.median(wall) if wall else None,
            "times_s": [round(seconds, 6) for seconds in wall],
            "processor_s": [round(seconds, 6) for seconds in processor],
            **memory,
            "identical": None if wrong is None else not wrong,
            "differences": wrong,
        }
    )


def command_line() -> argparse.ArgumentParser:
    """The options that every engine understands."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--paced", action="store_true", help="wait for a line on standard input before each repetition")
    return parser


def serve(make: Callable[[Columns], Contender], *, first_rows: int = 1000) -> None:
    """The command line of an engine over the benchmark shape.

    `first_rows` firms go through a throw-away contender first: libraries load and thread pools start there, and
    neither counts as memory of the rules.
    """
    parser = command_line()
    parser.add_argument("case", type=Path)
    parser.add_argument("--rows", type=int)
    wanted = parser.parse_args()
    firms, reference = load_case(wanted.case, wanted.rows)
    make({name: values[:first_rows] for name, values in firms.items()}).run()
    rows = len(firms[INPUTS[0]])
    measure(make(firms), rows=rows, reference=reference, repetitions=wanted.repetitions, paced=wanted.paced)
