"""sulh: an open workbench for peace operations and defence diplomacy."""

__version__ = "0.1.0"
