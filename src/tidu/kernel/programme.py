"""A small integer programme over whole numbers, solved by HiGHS.

All coefficients, bounds and values are integers, so that a solution can be rounded to the numbers it stands for and
checked without floats by whoever asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import gcd

import highspy
import numpy as np

from tidu.kernel.errors import TiduError

TOLERANCE = 1e-9
"""How far HiGHS may be off in a constraint; with bounds up to a million and small coefficients no integer slips through."""

Terms = Mapping[int, int]


@dataclass
class Programme:
    """Columns of whole numbers and rows ``low <= terms <= high``; built once, solved for several objectives."""

    lows: list[int] = field(default_factory=list)
    highs: list[int] = field(default_factory=list)
    rows: list[tuple[dict[int, int], int | None, int | None]] = field(default_factory=list)

    def column(self, high: int, low: int = 0) -> int:
        """A new whole number in ``low..high``."""
        self.lows.append(low)
        self.highs.append(high)
        return len(self.lows) - 1

    def row(self, terms: Terms, *, low: int | None = None, high: int | None = None) -> None:
        """A constraint on a sum, kept with the smallest coefficients that mean the same for whole numbers."""
        kept = {column: factor for column, factor in terms.items() if factor}
        divisor = gcd(*kept.values()) or 1
        self.rows.append((
            {column: factor // divisor for column, factor in kept.items()},
            None if low is None else -(-low // divisor),
            None if high is None else high // divisor,
        ))  # fmt: skip

    def minimise(self, objective: Terms) -> list[int] | None:
        """Values of all columns with the least objective; None where nothing fits. Raises ``solver-stopped`` else."""
        solver = _Solver()
        for option, value in _OPTIONS.items():
            solver.setOptionValue(option, value)
        solver.passModel(self._model(objective))
        solver.run()
        status = solver.getModelStatus()
        # every column has bounds, so that "unbounded or infeasible" is infeasible
        if status in {highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible}:
            return None
        if status not in {highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kModelEmpty}:
            raise TiduError("solver-stopped", f"求解器没有给出结果（{solver.modelStatusToString(status)}）。请报告这家企业与标准。")
        return [round(value) for value in solver.getSolution().col_value]

    def _model(self, objective: Terms) -> highspy.HighsLp:
        count = len(self.lows)
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = count, len(self.rows)
        costs = np.zeros(count)
        for column, cost in objective.items():
            costs[column] = cost
        model.col_cost_ = costs
        model.col_lower_, model.col_upper_ = np.array(self.lows, np.float64), np.array(self.highs, np.float64)
        model.integrality_ = [highspy.HighsVarType.kInteger] * count
        model.row_lower_ = np.array([-np.inf if low is None else low for _, low, _ in self.rows], np.float64)
        model.row_upper_ = np.array([np.inf if high is None else high for _, _, high in self.rows], np.float64)
        starts: list[int] = [0]
        index: list[int] = []
        values: list[int] = []
        for terms, _, _ in self.rows:
            index.extend(terms)
            values.extend(terms.values())
            starts.append(len(index))
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = starts, index, np.array(values, np.float64)
        return model


class _Solver(highspy.Highs):
    """HiGHS without its callbacks, whose set-up prints a banner into the output of whoever called."""

    def __init__(self) -> None:
        super(highspy.Highs, self).__init__()


_OPTIONS: dict[str, bool | int | float] = {
    "output_flag": False,
    "threads": 1,
    "random_seed": 0,
    # restarting the search costs more than it saves on programmes of a hundred columns
    "mip_allow_restart": False,
    "mip_rel_gap": 0.0,
    # objectives are whole numbers: a proven gap below one half is optimal
    "mip_abs_gap": 0.5,
    "mip_feasibility_tolerance": TOLERANCE,
    "primal_feasibility_tolerance": TOLERANCE,
    "dual_feasibility_tolerance": TOLERANCE,
}
