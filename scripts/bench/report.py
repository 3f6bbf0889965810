"""The figures as lines of a table, each with its bar if it has one."""

from __future__ import annotations

import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Bar:
    """What a figure must reach: at least (`least`) or at most."""

    value: float
    least: bool = False

    def holds(self, figure: float) -> bool:
        return figure >= self.value if self.least else figure <= self.value

    def __str__(self) -> str:
        return f"{'>=' if self.least else '<='} {self.value:g}"


def at_least(value: float) -> Bar:
    return Bar(value, least=True)


def at_most(value: float) -> Bar:
    return Bar(value)


def heading(text: str) -> None:
    sys.stdout.write(f"\n{text}\n")


def line(name: str, figure: float, unit: str, bar: Bar | None = None, *, note: str = "") -> None:
    """One figure; at once, so that who waits sees how far it is."""
    said = f"{figure:,.2f}" if figure < 10 else f"{figure:,.0f}"
    judged = f"{'PASS' if bar.holds(figure) else 'below':>6} ({bar})" if bar else ""
    sys.stdout.write(f"  {name:<46} {said:>9} {unit:<10} {judged:<18} {note}".rstrip() + "\n")
    sys.stdout.flush()
