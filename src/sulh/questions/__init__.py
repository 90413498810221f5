"""The questions, each a package of pure functions that take a store and return a result."""
