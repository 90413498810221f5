"""How kernels are compiled, and where the compiled code is kept.

Kernels that work on arrays given to them allocate nothing, so they go without numba's runtime:
counting references to a dozen arrays, atomically and at every access, would take ten times as long
as the simulation itself. A numba without that option compiles them all the same, only slower ones.

numba by itself keeps a compiled function until the file that it stands in changes, and knows
nothing of the functions it calls in other files. So each module has a folder of its own, named
after numba, the processor and the text of the module and of all modules of the project that it
imports. They stand in the virtual environment that sulh is installed in, or in the user's cache
where there is none; where neither can be written to, the folder is a temporary one that the
processes of this run share; where there is none either, every process compiles for itself.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numba
import platformdirs
from llvmlite.binding import get_host_cpu_name

# Options of numba that its types do not know.
njit: Any = numba.njit
config: Any = numba.config

SHARED = "SULH_KERNELS"
"""The variable that tells the processes of a run where compiled kernels are."""

_IMPORTED = re.compile(r"^from (sulh(?:\.\w+)+) import", re.MULTILINE)


@cache
def without_runtime() -> dict[str, bool]:
    """Return the option that leaves numba's runtime out, if this numba knows it."""
    try:
        njit(_nrt=False)(lambda: 0)
    except Exception:
        return {}
    return {"_nrt": False}


def texts(module: str, seen: set[str] | None = None) -> Iterator[bytes]:
    """Yield the text of a module of the project, and of those of the project that it imports."""
    seen = set() if seen is None else seen
    seen.add(module)
    file = getattr(sys.modules.get(module), "__file__", None)
    if not file or not Path(file).is_file():
        return
    text = Path(file).read_bytes()
    yield text
    for following in _IMPORTED.findall(text.decode("utf-8", errors="replace")):
        if following not in seen:
            yield from texts(following, seen)


@cache
def _digest(module: str) -> str:
    found = hashlib.sha256(f"{numba.__version__} {get_host_cpu_name()} {sys.version}".encode())
    for text in texts(module):
        found.update(hashlib.sha256(text).digest())
    return found.hexdigest()[:16]


@cache
def base() -> Path | None:
    """Return the folder for compiled kernels, or None where there is none to write to."""
    named = os.environ.get(SHARED) or os.environ.get("NUMBA_CACHE_DIR")
    for folder in [Path(named)] if named else _usual():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=folder).close()
        except OSError:
            continue
        return folder
    return _temporary()


def _usual() -> list[Path]:
    """Return where kernels are kept if nothing else is said, the best place first."""
    cache = platformdirs.user_cache_path("sulh", appauthor=False) / "kernels"
    alone = sys.prefix == sys.base_prefix
    return [cache] if alone else [Path(sys.prefix, "share", "sulh", "kernels"), cache]


def _temporary() -> Path | None:
    try:
        folder = tempfile.mkdtemp(prefix="sulh-kernels-")
    except OSError:
        return None
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ[SHARED] = folder
    return Path(folder)


@contextmanager
def _kept_in(folder: Path) -> Iterator[None]:
    """Let numba keep what is declared meanwhile in a folder."""
    before, config.CACHE_DIR = config.CACHE_DIR, str(folder)
    try:
        yield
    finally:
        config.CACHE_DIR = before


def _compiled(function: Callable[..., Any], **options: Any) -> Any:
    folder = base()
    if folder is None:
        return njit(**options)(function)
    try:
        with _kept_in(folder / f"{function.__module__}-{_digest(function.__module__)}"):
            return njit(cache=True, **options)(function)
    except (OSError, RuntimeError):
        # The folder filled up or went away since it was tried.
        return njit(**options)(function)


def kernel(function: Callable[..., Any]) -> Any:
    """Compile a function that Python calls and that allocates nothing."""
    return _compiled(function, **without_runtime())


def beside(function: Callable[..., Any]) -> Any:
    """Compile a function as `kernel` does; other threads go on while it runs."""
    return _compiled(function, nogil=True, error_model="numpy", **without_runtime())


def called(function: Callable[..., Any]) -> Any:
    """Compile a larger function that only compiled ones call: called, not copied into each."""
    options = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    return _compiled(function, error_model="numpy", **without_runtime(), **options)


def inner(function: Callable[..., Any]) -> Any:
    """Compile a function that only compiled ones call: without what Python would need."""
    options = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, "forceinline": True}
    return _compiled(function, **without_runtime(), **options)


def inlined(function: Callable[..., Any]) -> Any:
    """Compile a small function on many arrays, where the call would cost more than the work."""
    return _compiled(function, **without_runtime(), inline="always")


def allocating(function: Callable[..., Any]) -> Any:
    """Compile a function that makes arrays; other threads go on while it runs."""
    return _compiled(function, nogil=True)


def reordering(function: Callable[..., Any]) -> Any:
    """Compile a sum whose terms may be added in another order, several at once."""
    return _compiled(function, fastmath={"reassoc", "nsz", "contract"})


def notice(function: Any, what: str) -> str | None:
    """Return what to tell before a kernel is called: that it is compiled; None if it is on disk."""
    if kept(function):
        return None
    if base():
        return f"compiling {what}: once for this machine, up to a minute …"
    return (
        f"compiling {what}, up to a minute, in each process and every time: no folder to keep it "
        f"in can be written to; name one in {SHARED} …"
    )


def kept(function: Any) -> bool:
    """Return whether a compiled version of a kernel is on disk."""
    folder = function.stats.cache_path
    if not folder:
        return False
    module = function.py_func.__module__.rpartition(".")[2]
    return any(Path(folder).glob(f"{module}.{function.py_func.__name__}-*.nbi"))


@dataclass
class Ahead:
    """A process that compiles kernels for this one, which finds them on disk then; or none."""

    process: subprocess.Popen[bytes] | None = None

    @classmethod
    def begin(cls, module: str, kernels: Iterable[Any]) -> Ahead:
        """Run a module that compiles, unless all of the kernels are kept.

        It is run once by a process: who asks again waits for the same run.
        """
        folder = base()
        if folder is None or all(kept(kernel) for kernel in kernels):
            return cls()
        # Modules come from where this process has them, not from the folder that it runs in.
        paths = os.pathsep.join(path or str(Path.cwd()) for path in sys.path)
        return cls(_run_ahead(module, folder, paths))

    def wait(self, stop: Callable[[], bool]) -> None:
        """Wait until the process has ended, or until ``stop``."""
        while self.process is not None and self.process.poll() is None and not stop():
            time.sleep(0.05)


@cache
def _run_ahead(module: str, folder: Path, paths: str) -> subprocess.Popen[bytes] | None:
    """Run a module that keeps what it compiles in a folder; None if no process can be had."""
    quiet = subprocess.DEVNULL
    try:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", module],
            env={**os.environ, SHARED: str(folder), "PYTHONPATH": paths},
            stdin=quiet,
            stdout=quiet,
            stderr=quiet,
        )
    except OSError:
        return None
    atexit.register(process.kill)
    return process
