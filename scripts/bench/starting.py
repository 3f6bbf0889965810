"""How long until it answers: the server alone, and everything from an empty folder."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from statistics import median

from scripts.bench.machine import ROOT, Installation, free_port, ours, resident, wait_for
from scripts.bench.report import Report, at_most


def measure_start(report: Report, installation: Installation, *, rounds: int) -> None:
    """From the command to the first answer, and what a worker holds that has answered once."""
    starts, sizes = [], []
    for _ in range(rounds):
        with ours(installation) as served:
            starts.append(served.ready)
            sizes.append(max(map(resident, served.workers())))
    report.begin("start")
    report.add("cold start, median", median(starts), "s", at_most(1), note=f"slowest {max(starts):.2f} s")
    report.add("worker after the start", median(sizes), "MB", at_most(90))


def measure_first_page(report: Report) -> None:
    """`make run` in a fresh copy of what is committed; it downloads packages, so the network counts too."""
    report.begin("from an empty folder")
    with tempfile.TemporaryDirectory(prefix="touchpoints-empty-") as name:
        subprocess.run(f"git archive HEAD | tar -x -C {name}", shell=True, check=True, cwd=ROOT)  # noqa: S602 (our own folder)
        port = free_port()
        began = time.perf_counter()
        run = subprocess.Popen(
            ["make", "run"],
            cwd=Path(name),
            env={**os.environ, "PORT": str(port)},
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            wait_for(f"http://127.0.0.1:{port}/schedule", seconds=300, host=f"127.0.0.1:{port}")
            report.add("empty folder to first page", time.perf_counter() - began, "s", at_most(30))
        finally:
            os.killpg(run.pid, signal.SIGTERM)
            run.wait(timeout=30)
