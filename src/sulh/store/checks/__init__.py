"""Checks of the figures in the store: sums, printed totals, copied months, impossible jumps."""
