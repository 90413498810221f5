"""The revisions, in order of their number. A revision is never changed once released."""
