"""Supply: what an operation needs each day, whether it arrives, which fleet and stocks do it."""
