"""The store: a folder of Parquet tables, built, checked and published atomically."""
