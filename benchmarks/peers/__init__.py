"""The same rules in other engines: by hand in Polars and DuckDB, and in OpenFisca-Core, ZEN and rule-engine.

Each module is a program (``python -m benchmarks.peers.…``). Polars and DuckDB run in Tidu's own environment, the others
in one of their own, made by `benchmarks.environment` from ``requirements.txt`` beside this file.
"""
