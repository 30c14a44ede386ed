"""Side-by-side measurements of Tidu and of the engines a district could use instead.

Run as ``python -m benchmarks.run`` from the root of the repository.
"""
