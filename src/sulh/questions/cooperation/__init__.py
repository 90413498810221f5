"""Who works with whom: ties, partners, training, networks, events, panels."""
