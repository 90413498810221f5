"""Load on the registry: many agreements, many writers, a server that is killed."""
