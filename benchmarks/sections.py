"""The parts of a benchmark run: each measures, claims, and writes its own part of the report."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import fulfilment, imports, nightly, office, pages, reading, scale, shape
from benchmarks.claims import Claim, answer, number, table
from benchmarks.conductor import Entry, Measurement, alternate, extra_memory, speed_ratio
from benchmarks.paced import save_case

TIDU, POLARS, DUCKDB = "tidu", "polars", "duckdb"
OPENFISCA, OPENFISCA_WIDE = "openfisca", "openfisca-64"
ZEN, RULE_ENGINE = "zen", "rule-engine"
SCALE_ENGINES = {TIDU: "tidu", POLARS: "by-hand"}


@dataclass(frozen=True)
class Effort:
    """How large and how often."""

    firms: int = 1_000_000
    rows_for_row_engines: int = 20_000
    rounds: int = 11
    slow_rounds: int = 5
    memory_processes: int = 5
    district_firms: int = 100_000
    sizes: Sequence[int] = (10_000, 100_000, 1_000_000, 10_000_000)


QUICK = Effort(
    firms=50_000,
    rows_for_row_engines=1000,
    rounds=5,
    memory_processes=1,
    district_firms=2000,
    sizes=(10_000, 50_000, 100_000),
)


@dataclass(frozen=True)
class Ground:
    """Where a run keeps its files, with which interpreter the peers run, and whether Tidu takes part."""

    folder: Path
    peers: Path
    effort: Effort
    with_tidu: bool = True

    def taking_part(self, entries: Sequence[Entry]) -> list[Entry]:
        return [entry for entry in entries if self.with_tidu or entry.key != TIDU]


@dataclass(frozen=True)
class Section:
    title: str
    text: str
    measurements: Mapping[str, Measurement]
    claims: Sequence[Claim] = field(default_factory=tuple)


def shape_case(ground: Ground) -> Path:
    """The firms of the run with their right answers; made once."""
    path = ground.folder / "case.npz"
    if not path.exists():
        firms = shape.make_firms(ground.effort.firms)
        save_case(path, firms, shape.judge_all(firms))
    return path


def bulk_entries(ground: Ground) -> dict[str, Entry]:
    """The engines that take all firms at once."""
    case = [str(shape_case(ground))]
    openfisca = "benchmarks.peers.openfisca"
    entries = [
        Entry(TIDU, "benchmarks.tidu_shape", case),
        Entry(POLARS, "benchmarks.peers.polars_by_hand", case),
        Entry(DUCKDB, "benchmarks.peers.duckdb_by_hand", case),
        Entry(OPENFISCA, openfisca, case, ground.peers),
        Entry(OPENFISCA_WIDE, openfisca, case, ground.peers, {"TIDU_BENCH_WIDE": "1"}),
    ]
    return {entry.key: entry for entry in entries}


def engines_table(measurements: Mapping[str, Measurement]) -> str:
    """One line per engine, beside the first of them."""
    first = next(iter(measurements.values()))
    rows = [
        [
            f"{each['engine']} ({each['note']})",
            f"{each['rows']:,}",
            f"{number(each['median_s'] * 1000)} ms",
            number(each["rows"] / each["median_s"]),
            number(speed_ratio(each, first)),
            f"{number(each['extra_mb'])} MiB",
            identical(each),
        ]
        for each in measurements.values()
    ]
    head = ["engine", "firms", "median", "firms/s", "time per firm, first line = 1", "extra memory", "identical to reference"]
    return table(head, rows)


def identical(measurement: Measurement) -> str:
    """Whether all outputs are right, and if not how many firms have which output wrong."""
    wrong = measurement["differences"]
    if not wrong:
        return answer(measurement["identical"])
    return "no: " + ", ".join(f"`{name}` of {each['firms']:,} firms" for name, each in wrong.items())


def bulk(ground: Ground) -> Section:
    """All firms at once: Tidu, Polars and DuckDB by hand, OpenFisca-Core."""
    entries = bulk_entries(ground)
    measured = alternate(ground.taking_part(list(entries.values())), ground.effort.rounds, in_a_row=3)
    memory = extra_memory(ground.taking_part([entries[TIDU], entries[POLARS]]), ground.effort.memory_processes)
    for key, extra in memory.items():
        measured[key]["extra_mb"] = extra
    claims = bulk_claims(measured, memory) if ground.with_tidu else []
    return Section("All firms at once", engines_table(measured), measured, claims)


def bulk_claims(measured: Mapping[str, Measurement], memory: Mapping[str, float]) -> list[Claim]:
    ours = measured[TIDU]
    return [
        Claim("time beside Polars by hand", 1 / speed_ratio(measured[POLARS], ours), "at most", 1.5, "×"),
        Claim("faster than OpenFisca-Core as shipped", speed_ratio(measured[OPENFISCA], ours), "at least", 5, "×"),
        Claim("peak extra memory beside Polars by hand", memory[TIDU] / memory[POLARS], "at most", 1.5, "×"),
        Claim("outputs that differ from the reference", len(ours["differences"]), "at most", 0, "outputs"),
    ]


def row_by_row(ground: Ground) -> Section:
    """Engines that take one record after the other, compared by firms per second."""
    case = str(shape_case(ground))
    few = [case, "--rows", str(ground.effort.rows_for_row_engines)]
    entries = [
        Entry(TIDU, "benchmarks.tidu_shape", [case]),
        Entry(ZEN, "benchmarks.peers.zen_rows", few, ground.peers),
        Entry(RULE_ENGINE, "benchmarks.peers.rule_engine_rows", few, ground.peers),
    ]
    measured = alternate(ground.taking_part(entries), ground.effort.slow_rounds)
    claims = row_claims(measured) if ground.with_tidu else []
    return Section("Engines that take one firm after the other", engines_table(measured), measured, claims)


def row_claims(measured: Mapping[str, Measurement]) -> list[Claim]:
    ours = measured[TIDU]
    return [
        Claim("faster than ZEN (batch), firms/s", speed_ratio(measured[ZEN], ours), "at least", 300, "×"),
        Claim("faster than rule-engine, firms/s", speed_ratio(measured[RULE_ENGINE], ours), "at least", 300, "×"),
    ]


def by_size(ground: Ground) -> Section:
    """Parquet in, Parquet out, streamed, at growing sizes; Tidu and Polars by hand take turns."""
    measured: dict[str, Measurement] = {}
    for size in ground.effort.sizes:
        firms = ground.folder / f"firms_{size}.parquet"
        scale.write_firms(firms, size)
        results = {key: ground.folder / f"results_{key}.parquet" for key in SCALE_ENGINES}
        entries = [Entry(key, "benchmarks.scale", [engine, str(firms), str(results[key])]) for key, engine in SCALE_ENGINES.items()]
        pair = alternate(ground.taking_part(entries), ground.effort.slow_rounds)
        for key, each in pair.items():
            paid = scale.paid_yuan(results[key], scale.ENGINES[SCALE_ENGINES[key]][1])
            measured[f"{key} {size}"] = {**each, "paid_yuan": paid}
        firms.unlink()
    claims = size_claims(measured, ground.effort.sizes) if ground.with_tidu else []
    rows = [
        [
            each["engine"],
            f"{each['rows']:,}",
            f"{number(each['median_s'])} s",
            f"{number(each['median_s'] / each['rows'] * 1e6)} s",
            f"{number(each['peak_mb'])} MiB",
        ]
        for each in measured.values()
    ]
    head = ["engine", "firms", "median", "per million firms", "peak of the whole process"]
    return Section("Cost by number of firms, Parquet to Parquet", table(head, rows), measured, claims)


def size_claims(measured: Mapping[str, Measurement], sizes: Sequence[int]) -> list[Claim]:
    """Linear: the largest size costs no more per firm than the next smaller one, up to a quarter for noise."""
    *_, before, largest = sizes
    growth = speed_ratio(measured[f"{TIDU} {largest}"], measured[f"{TIDU} {before}"])
    differs = sum(measured[f"{TIDU} {size}"]["paid_yuan"] != measured[f"{POLARS} {size}"]["paid_yuan"] for size in sizes)
    peak = max(measured[f"{TIDU} {size}"]["peak_mb"] for size in sizes)
    return [
        Claim(f"cost per firm at {largest:,} firms beside {before:,}", growth, "at most", 1.25, "×"),
        Claim(f"peak memory of the whole process at {largest:,} firms", peak / 1024, "at most", 2, "GiB"),
        Claim("sizes at which the sum paid differs from Polars by hand", differs, "at most", 0, "sizes"),
    ]


def rule_set(ground: Ground) -> Section:
    """The packs that ship: a district at once, one firm at a time, and reading the packs."""
    module = "benchmarks.tidu_rules"
    bulk = {key: Entry(key, module, [key, "--firms", str(ground.effort.district_firms)]) for key in ("standards", "settlement")}
    explained = Entry("one standard, explained", module, ["one-standard"])
    everything = Entry("all standards and awards", module, ["all-standards"])
    measured = {
        **alternate(list(bulk.values()), ground.effort.slow_rounds),
        **alternate([explained, everything], ground.effort.rounds, in_a_row=3),
    }
    fresh = [alternate([Entry("packs", module, ["packs"])], 0)["packs"] for _ in range(ground.effort.slow_rounds)]
    fresh.sort(key=lambda each: each["first_s"])
    measured["packs"] = fresh[len(fresh) // 2]
    firms = f"{measured['standards']['rows']:,} firms"
    both = measured["standards"]["median_s"] + measured["settlement"]["median_s"]
    rows = [
        [f"verdicts, score intervals, missing facts of all standards, {firms}", f"{number(measured['standards']['median_s'])} s"],
        [f"all awards settled, each with its reasons, {firms}", f"{number(measured['settlement']['median_s'])} s"],
        [f"the sum of both: the whole rule set, {firms}", f"{number(both)} s"],
        ["one firm, one standard, with full trace", f"{number(per_firm_ms(measured['one standard, explained']))} ms"],
        ["one firm, all standards and awards", f"{number(per_firm_ms(measured['all standards and awards']))} ms"],
        ["reading and compiling all packs, first time in a process", f"{number(measured['packs']['first_s'])} s"],
    ]
    claims = [
        Claim(f"whole rule set over {firms}", both, "at most", 3, "s"),
        Claim("one firm, one standard, full trace", per_firm_ms(measured["one standard, explained"]), "at most", 1, "ms"),
        Claim("one firm, all standards and awards", per_firm_ms(measured["all standards and awards"]), "at most", 15, "ms"),
        Claim("reading and compiling all packs", measured["packs"]["first_s"], "at most", 0.5, "s"),
    ]
    return Section("The rule set that ships", table(["what", "median"], rows), measured, claims)


def per_firm_ms(measurement: Measurement) -> float:
    return float(measurement["median_s"] / measurement["rows"] * 1000)


def pages_under_load(ground: Ground) -> Section:
    """The site under the load of fifty visitors."""
    text, claims = pages.report(pages.measured(pages.SECONDS if ground.effort == Effort() else pages.QUICK_SECONDS))
    return Section("Pages under load", text, {}, claims)


def documents(ground: Ground) -> Section:
    """A document of fifty pages in three kinds of file."""
    found = reading.measured(ground.effort.slow_rounds)
    text, claims = reading.report(found)
    return Section("Reading an official document", text, {}, claims)


def imports_at_scale(ground: Ground) -> Section:
    """A large file into a large registry, on both databases."""
    firms, rows = (imports.FIRMS, imports.ROWS) if ground.effort == Effort() else (imports.QUICK_FIRMS, imports.QUICK_ROWS)
    found = [imports.measured(firms, rows)]
    with nightly.own_server() as address:
        found.append(imports.measured(firms, rows, address))
    text, claims = imports.report(found)
    return Section("Importing a file", text, {}, claims)


def nights(ground: Ground) -> Section:
    """Everybody assessed against everything, as the night does it, on both databases."""
    text, claims = nightly.report(nightly.measured(nightly.FIRMS if ground.effort == Effort() else nightly.QUICK_FIRMS))
    return Section("The nightly assessment of everyone", text, {}, claims)


def office_under_load(ground: Ground) -> Section:
    """Firm page, list and search of the office, twenty officials at once, on both databases."""
    full = ground.effort == Effort()
    found = office.measured(office.FIRMS if full else office.QUICK_FIRMS, office.SECONDS if full else office.QUICK_SECONDS)
    text, claims = office.report(found)
    return Section("The office under load", text, {}, claims)


def fulfilment_at_scale(ground: Ground) -> Section:
    """Ten thousand cases from the settlement to the bank, and their pages, on both databases."""
    full = ground.effort == Effort()
    found = fulfilment.measured(
        fulfilment.CASES if full else fulfilment.QUICK_CASES, fulfilment.SECONDS if full else fulfilment.QUICK_SECONDS
    )
    text, claims = fulfilment.report(found)
    return Section("From entitlement to money in the bank", text, {}, claims)


SECTIONS: dict[str, Callable[[Ground], Section]] = {
    "bulk": bulk,
    "row-by-row": row_by_row,
    "by-size": by_size,
    "rule-set": rule_set,
    "documents": documents,
    "nightly": nights,
    "pages": pages_under_load,
    "office": office_under_load,
    "imports": imports_at_scale,
    "fulfilment": fulfilment_at_scale,
}
