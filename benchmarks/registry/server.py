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
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= "
        options += "-c max_connections=120 -c shared_buffers=64MB"
        self._run("pg_ctl", "-w", "-t", "120", "-l", str(self.log), "-o", options, "start")

    def stop(self) -> None:
        """Stop the server at once, in order."""
        with contextlib.suppress(subprocess.CalledProcessError):
            self._run("pg_ctl", "-m", "immediate", "stop")

    def kill(self) -> None:
        """Kill every process of the server with SIGKILL."""
        head = int((self.folder / "postmaster.pid").read_text().split()[0])
        for pid in [head, *_children(head)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        while Path(f"/proc/{head}").exists() and not _dead(head):
            time.sleep(0.02)

    def _run(self, program: str, *arguments: str) -> None:
        found = binary(program)
        assert found is not None, f"{program} is not installed"
        subprocess.run(
            [found, "-D", str(self.folder), *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "HOME": "/"},
            **self._as,
        )

    def _make_database(self) -> None:
        import psycopg

        url = f"postgresql://{_USER}@127.0.0.1:{self.port}/postgres"
        with psycopg.connect(url, autocommit=True) as connection:
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
