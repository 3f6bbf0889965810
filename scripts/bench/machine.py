"""What the bench starts on this machine's loopback, and ends: our server, nginx, PostgreSQL, an empty application."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from app.serve import command as serve

ROOT = Path(__file__).resolve().parent.parent.parent
WORKERS = 2
HOST = "touchpoints.example.org"

_NOTHING = """
from pathlib import Path
PLAIN, ZIPPED = Path("all.ics").read_bytes(), Path("all.gz").read_bytes()
def application(environ, start_response):
    if "HTTP_IF_NONE_MATCH" in environ:
        start_response("304 Not Modified", [("ETag", '"x"')])
        return ()
    body = ZIPPED if "HTTP_ACCEPT_ENCODING" in environ else PLAIN
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return (body,)
"""


@dataclass(frozen=True)
class Installation:
    """An installation of its own below `folder`."""

    folder: Path
    database_url: str
    more: dict[str, str] = field(default_factory=dict)

    @property
    def engine(self) -> str:
        return self.database_url.partition(":")[0]

    @property
    def environ(self) -> dict[str, str]:
        """Production settings behind one proxy: wrk names a visitor in each request, as a proxy would."""
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("GRANIAN_")},
            "TOUCHPOINTS_ENV": "production",
            "INSTANCE_DIR": str(self.folder),
            "DATABASE_URL": self.database_url,
            "SECRET_KEY": "only-for-this-bench-" * 2,
            "BASE_URL": f"https://{HOST}",
            "MAIL_URL": "smtp://127.0.0.1:1?tls=none",
            "MAIL_FROM": f"Touchpoints <touchpoints@{HOST}>",
            "TRUSTED_PROXIES": "1",
            **self.more,
        }

    def migrate(self) -> None:
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"]
        subprocess.run(command, env=self.environ, cwd=ROOT, check=True, stderr=subprocess.DEVNULL)


@dataclass(frozen=True)
class Served:
    """A server that answers at `base`; `ready` is how many seconds that took, `pid` its main process."""

    base: str
    pid: int
    ready: float

    def workers(self) -> list[int]:
        """The process ids of its workers: the children that hold most memory."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return sorted(map(int, children), key=resident, reverse=True)[:WORKERS]


def resident(pid: int) -> float:
    """Megabytes of memory of a process, shared pages included."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@contextmanager
def ours(installation: Installation) -> Iterator[Served]:
    """The production server with two workers."""
    port = free_port()
    command = [sys.executable, "-m", "app.serve", "--port", str(port), "--workers", str(WORKERS)]
    environ = {**installation.environ, "GRANIAN_LOG_ENABLED": "false"}
    with _running(command, port, "/healthz", environ=environ, folder=ROOT) as served:
        yield served


@contextmanager
def floor(folder: Path) -> Iterator[Served]:
    """The same server with an application that does nothing: 304, or the bytes of folder/all.ics and all.gz."""
    (folder / "nothing.py").write_text(_NOTHING)
    port = free_port()
    command = serve("127.0.0.1", port, workers=WORKERS, threads=4)
    command = [part for part in command if part != "--factory"]
    command[command.index("app.serve:application")] = "nothing:application"
    with _running(command, port, "/", environ={**os.environ, "GRANIAN_LOG_ENABLED": "false"}, folder=folder) as served:
        yield served


@contextmanager
def nginx(folder: Path) -> Iterator[Served]:
    """nginx with two workers and the files below folder/files, compressed twins beside them."""
    port = free_port()
    config = folder / "nginx.conf"
    config.write_text(
        f"worker_processes {WORKERS}; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;\n"
        f"{'user root;' if os.geteuid() == 0 else ''}\n"
        "events { worker_connections 256; }\n"
        "http { access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; open_file_cache max=100;\n"
        f"  types {{ text/calendar ics; }} client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;\n"
        f"  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;\n"
        f"  server {{ listen 127.0.0.1:{port}; root {folder}/files; gzip_static on; gzip_vary on; }} }}\n"
    )
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    command = [str(program), "-c", str(config), "-p", str(folder), "-e", f"{folder}/error.log"]
    with _running(command, port, "/all.ics", environ=dict(os.environ), folder=folder) as served:
        yield served


@contextmanager
def postgresql() -> Iterator[object]:
    """A PostgreSQL server that keeps what it promises (fsync), reached over a socket in a temporary folder."""
    from tests.fixtures import postgresql as fixture

    binaries = fixture.programs()
    if binaries is None:
        raise SystemExit("The bench on PostgreSQL needs it: apt-get install postgresql")
    server = fixture.start(binaries, options=("max_connections=50",))
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def _running(
    command: Sequence[str], port: int, path: str, *, environ: dict[str, str], folder: Path
) -> Iterator[Served]:
    began = time.perf_counter()
    server = subprocess.Popen(command, env=environ, cwd=folder, stderr=subprocess.DEVNULL)
    base = f"http://127.0.0.1:{port}"
    try:
        wait_for(base + path)
        yield Served(base, server.pid, time.perf_counter() - began)
    finally:
        server.terminate()
        with suppress(subprocess.TimeoutExpired):
            server.wait(timeout=30)
        server.kill()
        server.wait()


def wait_for(url: str, *, seconds: float = 30, host: str = HOST) -> None:
    """Return as soon as `url` answers, whatever it says."""
    deadline = time.monotonic() + seconds
    request = urllib.request.Request(url, headers={"Host": host})
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(request, timeout=2):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.02)
    raise SystemExit(f"{url} does not answer")
