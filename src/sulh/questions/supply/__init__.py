"""Supply: what an operation needs day by day, whether it arrives, and which fleet and stocks do it."""
