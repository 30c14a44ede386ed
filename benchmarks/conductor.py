"""Engines take turns: each lives in its own process and runs one repetition when told to.

A ratio is only claimed between engines of one `alternate` call. They run A B C A B C …, never two at once, so that
what else the machine does strikes all of them alike.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from benchmarks.environment import ROOT

Measurement = dict[str, Any]
"""What `benchmarks.paced.measure` prints."""


@dataclass(frozen=True)
class Entry:
    """How one engine is started: a module run by an interpreter."""

    key: str
    module: str
    arguments: Sequence[str]
    python: Path = Path(sys.executable)
    environment: Mapping[str, str] = field(default_factory=dict)

    def command(self) -> list[str]:
        return [str(self.python), "-m", self.module, *self.arguments]


class EngineFailedError(RuntimeError):
    """An engine ended without its measurement; its own error stands above on standard error."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(f"{entry.key}: {' '.join(entry.command())} ended without a measurement")


class Turn:
    """A running engine; use as a context manager, which ends the process whatever happens."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        paths = os.pathsep.join([str(ROOT), str(ROOT / "src")])
        process = subprocess.Popen(
            [*entry.command(), "--paced"],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": paths, **entry.environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        if process.stdin is None or process.stdout is None:
            raise EngineFailedError(entry)
        self._process, self._orders, self._answers = process, process.stdin, process.stdout

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.kill()
        self._process.wait()
        self._orders.close()
        self._answers.close()

    def answer(self) -> Measurement:
        """The next JSON line of the engine."""
        line = self._answers.readline()
        if not line:
            raise EngineFailedError(self.entry)
        message: Measurement = json.loads(line)
        return message

    def repeat(self) -> None:
        """One timed repetition; returns when it is over."""
        self._orders.write("again\n")
        self._orders.flush()
        self.answer()

    def finish(self) -> Measurement:
        self._orders.close()
        measurement = self.answer()
        self._process.wait()
        return {"key": self.entry.key, **measurement}


def alternate(entries: Sequence[Entry], rounds: int, *, in_a_row: int = 1) -> dict[str, Measurement]:
    """`rounds` turns of `in_a_row` repetitions for every engine; their measurements by key.

    Engines are started one after the other and each is ready, warmed up and idle, before the next starts. Short
    repetitions go several in a row: the first after a pause also pays for memory that was handed back meanwhile.
    """
    with ExitStack() as stack:
        running = []
        for entry in entries:
            turn = stack.enter_context(Turn(entry))
            turn.answer()
            running.append(turn)
        for _round in range(rounds):
            for turn in running:
                for _repetition in range(in_a_row):
                    turn.repeat()
        return {turn.entry.key: turn.finish() for turn in running}


def extra_memory(entries: Sequence[Entry], times: int) -> dict[str, float]:
    """The median extra memory in MiB of the first full run, over `times` fresh processes of each engine in turn."""
    found: dict[str, list[float]] = {entry.key: [] for entry in entries}
    for _time in range(times):
        for key, measurement in alternate_one_by_one(entries).items():
            found[key].append(measurement["extra_mb"])
    return {key: statistics.median(values) for key, values in found.items()}


def alternate_one_by_one(entries: Sequence[Entry]) -> dict[str, Measurement]:
    """Each engine alone on the machine, without timed repetitions."""
    return {entry.key: alternate([entry], 0)[entry.key] for entry in entries}


def speed_ratio(slower: Measurement, faster: Measurement) -> float:
    """How many times more firms a second `faster` handles, by medians."""
    return (slower["median_s"] / slower["rows"]) / (faster["median_s"] / faster["rows"])
