"""Load by wrk, in alternating rounds, from as many visitors as a proxy would name."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from scripts.bench.machine import HOST

CONNECTIONS, THREADS = 8, 2
_VISITORS = """
local requests, at = {}, 0
function init(args)
  math.randomseed(tonumber(tostring({}):match("0x(%x+)"), 16) % 2147483647)
  for number = 1, 4096 do
    local a, b = math.random(0, 255), math.random(0, 255)
    wrk.headers["X-Forwarded-For"] = string.format("10.%d.%d.%d", a, b, number % 256)
    requests[number] = wrk.format("GET")
  end
end
function request()
  at = at % 4096 + 1
  return requests[at]
end
"""
_UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


@dataclass(frozen=True)
class Effort:
    """How long one round of one figure lasts, and how many rounds there are."""

    seconds: int
    rounds: int


@dataclass(frozen=True)
class Target:
    """What is asked for, and with which headers."""

    url: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Rate:
    """Requests a second, and the median and the slowest hundredth in milliseconds."""

    per_second: float
    p50: float
    p99: float


def measure(targets: Sequence[Target], *, seconds: int, rounds: int) -> list[Rate]:
    """The median rate of each target over the rounds; within a round they follow one another."""
    taken: list[list[Rate]] = [[] for _ in targets]
    for number in range(rounds + 1):
        for target, rates in zip(targets, taken, strict=True):
            rate = _wrk(target, seconds if number else 1)
            if number:  # the round before the first only warms up
                rates.append(rate)
    return [
        Rate(*(median(getattr(r, name) for r in rates) for name in ("per_second", "p50", "p99"))) for rates in taken
    ]


def _wrk(target: Target, seconds: int) -> Rate:
    with tempfile.TemporaryDirectory(prefix="touchpoints-wrk-") as folder:
        script = Path(folder) / "visitors.lua"
        script.write_text(_VISITORS)
        flags = [f"-H{name}: {value}" for name, value in {"Host": HOST, **target.headers}.items()]
        command = ["wrk", f"-t{THREADS}", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", "-s", str(script), *flags]
        told = subprocess.run([*command, target.url], capture_output=True, text=True, check=True).stdout
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
    if rate is None or "Non-2xx" in told or "Socket errors" in told:
        raise SystemExit(f"wrk could not load {target.url}:\n{told}")
    return Rate(float(rate[1]), _milliseconds(told, "50%"), _milliseconds(told, "99%"))


def _milliseconds(told: str, share: str) -> float:
    found = re.search(rf"{share}\s+([\d.]+)(us|ms|s)", told)
    return float(found[1]) * _UNITS[found[2]] if found else float("nan")
