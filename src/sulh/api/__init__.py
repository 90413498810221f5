"""The workbench: the questions under the names that the command line, notebooks and pages share."""

from sulh.api.workbench import Workbench
from sulh.api.workbench import open_store as open  # noqa: A004

__all__ = ["Workbench", "open"]
