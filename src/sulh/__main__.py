"""``python -m sulh``: the command line."""

from sulh.cli import main

if __name__ == "__main__":
    main()
