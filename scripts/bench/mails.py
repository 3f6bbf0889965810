"""Mail from the durable outbox to a real SMTP sink, as one worker sends it."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace

from app.queue import deliver
from scripts.bench.machine import ROOT, Installation, free_port
from scripts.bench.report import Report, at_least
from scripts.bench.scenery import inside, queue_mails

_SINK = """
import asyncio, sys
from aiosmtpd.smtp import SMTP
class Sink:
    async def handle_DATA(self, server, session, envelope):
        return "250 taken"
async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Sink(), hostname="sink"), "127.0.0.1", int(sys.argv[1]))
    print("ready", flush=True)
    await server.serve_forever()
asyncio.run(main())
"""


def measure_mails(report: Report, installation: Installation, *, count: int = 1000) -> None:
    """How many mails a second one worker sends; each is claimed, sent and settled in tables."""
    port = free_port()
    sink = subprocess.Popen([sys.executable, "-c", _SINK, str(port)], cwd=ROOT, stdout=subprocess.PIPE)
    try:
        if sink.stdout is None or not sink.stdout.readline():
            raise SystemExit("The mail sink did not start.")
        mailing = replace(installation, more={"MAIL_URL": f"smtp://127.0.0.1:{port}?tls=none"})
        with inside(mailing) as app:
            queue_mails(app, count)
            began = time.perf_counter()
            sent = deliver(limit=count).sent
            taken = time.perf_counter() - began
    finally:
        sink.terminate()
        sink.wait()
    report.begin("mail")
    report.add(
        "mails by one worker", sent / taken, "/s", at_least(250), note=f"{sent} of {count} sent in {taken:.1f} s"
    )
