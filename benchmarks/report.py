"""The report of a run: Markdown for readers, JSON for machines."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.claims import table
from benchmarks.sections import Section

INTRODUCTION = """\
# Benchmarks

This page is written by `script/bench`; every figure is of one run on one machine. The peers run in the same run, each engine
in its own process, and take turns repetition by repetition: a ratio compares engines that met the same moments of the machine.
Where other work shared the machine, absolute times carry its noise; the ratios are what to rely on.
"""

METHOD = """\
## How it is measured

- The *benchmark shape* (`benchmarks/shape.py`) is a fictional firm of 18 numbers: six point tables, a pass mark, three tiers with
  thresholds and alternatives, an award matched by tier, capped rates, the better of two within a group, a yearly cap and an
  exclusion; 12 outputs. All money is whole yuan in hundreds, so there is one right answer in integers, decimals and 64-bit floats.
- The reference is a plain Python function over integers, one firm at a time; *identical* means all 12 outputs of all firms.
- Every process first runs 1,000 firms (libraries load, threads start), then all firms once as warm-up, then the timed repetitions.
  Engines take turns, short repetitions three in a row. Figures are medians over all repetitions; garbage is collected before each,
  and results are dropped outside the clock.
- *Extra memory* is the peak of the resident memory during the warm-up beyond what the process held before (data included);
  for Tidu and Polars by hand it is the median over several fresh processes.
- *Polars by hand* is what an engineer writes for these rules alone, with no unknown values, no explanation and floats for money.
- Polars and DuckDB use every core, the other engines one: where other work holds a core, the lead over those is understated.
- OpenFisca-Core holds numbers in 32 bits as shipped. The second line patches it to 64 bits.
- Engines that take one record at a time run fewer firms and are compared by firms per second.
- From Parquet to Parquet, Tidu reads the file through once before, for the ranges of its columns: it takes no file at its word.
- The rule set that ships is measured over the fictional district of `tidu demo`, with its missing facts and boundary cases.
"""


def machine() -> dict[str, Any]:
    """What the figures depend on; nothing that names the machine."""
    facts = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    model = next((line.split(":", 1)[1].strip() for line in facts if line.startswith("model name")), "unknown")
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "load_at_start": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "polars": version("polars"),
        "duckdb": version("duckdb"),
    }


def as_markdown(sections: Sequence[Section], about: Mapping[str, Any], day: date, *, full: bool) -> str:
    claims = [claim.row() for section in sections for claim in section.claims]
    ground = (
        f"Run of {day.isoformat()}: {about['processor']}, {about['cores']} cores, {about['memory_gib']} GiB, "
        f"load {about['load_at_start']} at the start; Python {about['python']}, Polars {about['polars']}, DuckDB {about['duckdb']}.\n"
    )
    parts = [INTRODUCTION, ground]
    if not full:
        parts.append("**A quick or partial run: too small for its figures to mean anything.**\n")
    if claims:
        parts.append("## What is promised and what was measured\n\n" + table(["promise", "bound", "measured", "met"], claims) + "\n")
    parts += [f"## {section.title}\n\n{section.text}\n" for section in sections]
    return "\n".join([*parts, METHOD])


def as_json(sections: Mapping[str, Section], about: Mapping[str, Any], day: date) -> dict[str, Any]:
    return {
        "day": day.isoformat(),
        "machine": dict(about),
        "claims": [claim.as_json() for section in sections.values() for claim in section.claims],
        "sections": {key: dict(section.measurements) for key, section in sections.items()},
    }
