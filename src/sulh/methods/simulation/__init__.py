"""Event simulation: random streams, an event list, stations, intervals, work in blocks.

The kernels are compiled by numba when they first run, and kept on disk for the next time.
"""
