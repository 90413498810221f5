"""Mathematics without a domain and without files."""
