"""The reports that ``sulh sources``, ``sulh gaps`` and ``sulh check`` print."""
