"""Force generation: who can fill what is missing, when, at what cost, and why a gap stays open."""
