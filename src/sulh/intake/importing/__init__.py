"""Import files: recognise them by content, read each in a process apart, build the store."""

from sulh.intake.importing.importer import ImportOptions, import_paths
from sulh.intake.importing.report import FileReport, ImportReport

__all__ = ["FileReport", "ImportOptions", "ImportReport", "import_paths"]
