"""Counting events: synthetic days with a real file's distributions, and the time against others."""
