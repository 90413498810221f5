"""Import files: recognise them by content, read each in a process apart, build the store."""

from sulh.sources.importing.importer import ImportOptions, import_paths
from sulh.sources.importing.report import FileReport, ImportReport

__all__ = ["FileReport", "ImportOptions", "ImportReport", "import_paths"]
