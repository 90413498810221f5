"""A PostgreSQL server of its own, started from the system's binaries in a folder of its own."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

_DATABASE = "registry"
_USER = "desk"
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "HOME": "/"}


def binary(name: str) -> str | None:
    """Return the path of a program of PostgreSQL, or None where it is not installed."""
    found = shutil.which(name)
    if found:
        return str(Path(found).resolve())
    there = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(there[-1]) if there else None


class Server:
    """A server on a free port of the loopback address; `kill` ends it as a power cut would."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "data"
        self.log = folder / "log"
        self.port = _free_port()
        self._as: dict[str, Any] = {}
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            # The server refuses to run as root.
            user = _other_user()
            self._as = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
            os.chown(folder, user.pw_uid, user.pw_gid)
            for above in (folder, *folder.parents):
                if above.stat().st_uid == 0 and above != Path("/") and not above.is_mount():
                    with contextlib.suppress(PermissionError):
                        above.chmod(above.stat().st_mode | 0o011)
        self._run("initdb", "-A", "trust", "-U", _USER, "-E", "UTF8", "--no-locale")
        self.start()
        self._make_database()

    @property
    def address(self) -> str:
        """Return the address of the database."""
        return f"postgresql://{_USER}@127.0.0.1:{self.port}/{_DATABASE}"

    def start(self) -> None:
        """Start the server and wait until it answers."""
        import psycopg

        settings = {
            "port": str(self.port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": "120",
            "shared_buffers": "64MB",
        }
        found = binary("postgres")
        assert found is not None
        words = [found, "-D", str(self.folder)]
        for name, value in settings.items():
            words += ["-c", f"{name}={value}"]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                words, stdout=log, stderr=log, cwd="/", env=_ENVIRONMENT, **self._as
            )
        ends = time.monotonic() + 120
        while time.monotonic() < ends and self._process.poll() is None:
            with contextlib.suppress(psycopg.OperationalError), psycopg.connect(self._first()):
                return
            time.sleep(0.05)
        raise RuntimeError(f"PostgreSQL did not start: {self.log.read_text('utf-8')[-500:]}")

    def stop(self) -> None:
        """Stop the server at once, in order."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGQUIT)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self) -> None:
        """Kill every process of the server with SIGKILL, as a power cut would."""
        assert self._process is not None
        # Held still first, so that it starts no process that would be missed.
        self._process.send_signal(signal.SIGSTOP)
        backends = _children(self._process.pid)
        for pid in [self._process.pid, *backends]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait()
        while not all(_dead(pid) for pid in backends):
            time.sleep(0.01)

    def _first(self) -> str:
        return f"postgresql://{_USER}@127.0.0.1:{self.port}/postgres"

    def _run(self, program: str, *arguments: str) -> None:
        found = binary(program)
        assert found is not None, f"{program} is not installed"
        subprocess.run(
            [found, "-D", str(self.folder), *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env=_ENVIRONMENT,
            **self._as,
        )

    def _make_database(self) -> None:
        import psycopg

        with psycopg.connect(self._first(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {_DATABASE}")

    def fresh(self, name: str) -> str:
        """Return the address of a new empty database."""
        import psycopg

        base = f"postgresql://{_USER}@127.0.0.1:{self.port}/"
        with psycopg.connect(base + "postgres", autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name}")
            connection.execute(f"CREATE DATABASE {name}")
        return base + name


def _other_user() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise AssertionError("no user postgres or nobody to run the server as")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _children(head: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, IndexError, ValueError):
            if int(stat.read_text().rsplit(")", 1)[1].split()[1]) == head:
                found.append(int(stat.parent.name))
    return found


def _dead(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True
