"""Import files: recognise them, read each in a process of its own keeping, build the store."""

from sulh.sources.importing.importer import ImportOptions, import_paths
from sulh.sources.importing.report import FileReport, ImportReport

__all__ = ["FileReport", "ImportOptions", "ImportReport", "import_paths"]
