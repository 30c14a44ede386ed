from __future__ import annotations

import hashlib

import polars as pl

from tidu.demo.draws import Draws

MASK = 2**64 - 1


def mixed(word: int) -> int:
    word = ((word ^ (word >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) & MASK
    return word ^ (word >> 31)


def reference_word(seed: int, name: str, key: int) -> int:
    salt = int.from_bytes(hashlib.blake2b(f"{seed}/{name}".encode(), digest_size=8).digest(), "big")
    salted = mixed((key * 0x9E3779B97F4A7C15 + salt) & MASK)
    return mixed((salted + 0x9E3779B97F4A7C15) & MASK)


def draws(count: int, seed: int = 7) -> Draws:
    return Draws(seed, pl.int_range(count, dtype=pl.Int64, eager=True))


def test_words_equal_the_same_mixing_in_plain_integers() -> None:
    assert draws(50).words("size").to_list() == [reference_word(7, "size", key) for key in range(50)]


def test_words_depend_on_key_name_and_seed_only() -> None:
    assert draws(3).words("size").to_list() == draws(1000).words("size").head(3).to_list()
    assert draws(3).words("size").to_list() != draws(3).words("age").to_list()
    assert draws(3).words("size").to_list() != draws(3, seed=8).words("size").to_list()


def test_uniform_fills_the_unit_interval_evenly() -> None:
    values = draws(20_000).uniform("size")
    tenths = [((values * 10).cast(pl.Int64) == tenth).sum() for tenth in range(10)]

    assert 0.0 <= values.min() < 0.001 < 0.999 < values.max() < 1.0
    assert all(1850 < count < 2150 for count in tenths)


def test_normal_has_mean_zero_and_deviation_one() -> None:
    values = draws(20_000).normal("size")

    assert abs(values.mean()) < 0.03
    assert abs(values.std() - 1.0) < 0.03


def test_integer_reaches_both_ends() -> None:
    values = draws(2000).integer("count", 3, 6)

    assert sorted(values.unique().to_list()) == [3, 4, 5, 6]


def test_choose_follows_the_weights() -> None:
    counts = dict(draws(20_000).choose("kind", {"a": 3, "b": 1, "never": 0, "c": 6}).value_counts().iter_rows())

    assert sorted(counts) == ["a", "b", "c"]
    assert abs(counts["a"] - 6000) < 300
    assert abs(counts["b"] - 2000) < 300


def test_no_rows_give_empty_columns() -> None:
    none = draws(0)

    assert none.uniform("size").to_list() == []
    assert none.choose("kind", {"a": 1}).to_list() == []
    assert none.integer("count", 1, 2).to_list() == []
