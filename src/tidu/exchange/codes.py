"""Check characters of a whole column of credit codes at once (GB 32100-2015); the rule itself is ``kernel.credit_code``."""

from __future__ import annotations

import polars as pl

from tidu.kernel.credit_code import ALPHABET, LENGTH


def doubtful_codes(codes: pl.Series) -> pl.Series:
    """Positions of the codes that ``check_credit_code`` would not call ok; all must have 18 characters of the alphabet."""
    value = {character: number for number, character in enumerate(ALPHABET)}
    digits = [pl.col("code").str.slice(place, 1).replace_strict(value, return_dtype=pl.Int64) for place in range(LENGTH)]
    total = pl.sum_horizontal(digit * pow(3, place, 31) for place, digit in enumerate(digits[:-1]))
    # The check character completes the weighted sum to a multiple of 31.
    fits = (total + digits[-1]) % 31 == 0
    numeric_head = pl.col("code").str.contains(r"^[0-9]{8}")
    return pl.DataFrame({"code": codes}).select(~(fits & numeric_head))["code"].arg_true()
