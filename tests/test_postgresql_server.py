"""The server that the tests start for themselves."""

from __future__ import annotations

import psycopg


def test_server_counts_exactly_and_keeps_chinese(postgres_dsn: str) -> None:
    with psycopg.connect(postgres_dsn) as connection:
        row = connection.execute("select 170141183460469231731687303715884105727::numeric * 10 + 1, %s::text", ["奓山街道"]).fetchone()

    assert row == (1701411834604692317316873037158841057271, "奓山街道")


def test_server_takes_no_network_connections(postgres_dsn: str) -> None:
    with psycopg.connect(postgres_dsn) as connection:
        assert connection.execute("show listen_addresses").fetchone() == ("",)
