"""The optimiser: tours as columns, nations as blocks, a proven bound beside the best plan."""
