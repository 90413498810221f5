"""The compiled simulation of a case: arrays in, arrays out."""
