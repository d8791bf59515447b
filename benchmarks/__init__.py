"""Whole-process benchmarks of asbuilt against other tools, run side by side; see `python -m benchmarks --help`."""
