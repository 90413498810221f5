"""Foreign Military Training Reports of the United States, as machine-readable tables."""
