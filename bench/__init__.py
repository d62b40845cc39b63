"""Benchmarks: `make bench`. Every figure stands beside a floor measured in the same run, as a ratio.

Here: measuring. Not here: asserting; a time that is asserted is a test that fails on a busy machine.
"""
