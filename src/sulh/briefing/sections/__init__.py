"""The sections of the document, each a function from evidence to a section or nothing."""
