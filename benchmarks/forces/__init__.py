"""Force generation: synthetic cases, and our engine beside the plain programs."""
