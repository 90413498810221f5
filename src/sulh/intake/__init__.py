"""One module per public source: recognise a file by its content, parse it to tidy rows."""
