"""The ladder and the pools: recognitions, who stands on which rung, who belongs in which pool, monthly sales, warnings."""
