"""Run every benchmark on the public data files: ``python -m benchmarks [../shared/data]``."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

_HERE = Path(__file__).parent


def _run(name: str, *arguments: str) -> None:
    print(f"== {name}", flush=True)
    subprocess.run([sys.executable, str(_HERE / f"{name}.py"), *arguments], check=True)


def main() -> None:
    data = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data")
    _run("commands")
    _run("location")
    if not data.is_dir():
        sys.exit(f"{data} is not there: the other benchmarks need the public data files")
    _run("pdf", str(data / "un_monthly_pdf"))
    _run("import_", str(data))
    with tempfile.TemporaryDirectory() as store:
        from sulh.intake.importing import import_paths

        folders = ("un_monthly_pdf", "ipi", "un_hub", "geopko", "non_un", "shortfall", "countries")
        import_paths([data / folder for folder in folders], store)
        _run("questions", store)


if __name__ == "__main__":
    main()
