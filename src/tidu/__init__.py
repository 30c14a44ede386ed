"""Tidu 梯度: policies for growing firms as data, evaluated exactly and explained down to the clause."""
