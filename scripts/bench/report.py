"""The figures: each as a line as soon as it is known, and all in one table at the end, with bars and verdicts."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Bar:
    """What a figure must reach: at least (`least`) or at most."""

    value: float
    least: bool = False

    def holds(self, figure: float) -> bool:
        return figure >= self.value if self.least else figure <= self.value

    def __str__(self) -> str:
        return f"{'>=' if self.least else '<='} {self.value:,g}"


@dataclass
class _Row:
    """One line of the table: what, and the figure on each engine that was measured."""

    name: str
    unit: str
    bar: dict[str, Bar | None] = field(default_factory=dict)
    figures: dict[str, float] = field(default_factory=dict)

    @property
    def bars(self) -> str:
        return " / ".join(dict.fromkeys(str(bar) for bar in self.bar.values() if bar))

    @property
    def verdict(self) -> str:
        below = [engine for engine, bar in self.bar.items() if bar and not bar.holds(self.figures[engine])]
        if not any(self.bar.values()):
            return ""
        return f"below ({', '.join(below)})" if below else "pass"


class Report:
    """Collects what the parts of the bench find, by section and name; `engine` is the one that is being measured."""

    def __init__(self) -> None:
        self.engine = ""
        self._section = ""
        self._rows: dict[tuple[str, str], _Row] = {}
        self._failures: list[str] = []

    def begin(self, section: str) -> None:
        self._section = section
        sys.stderr.write(f"\n{section} ({self.engine})\n")

    def add(self, name: str, figure: float, unit: str, bar: Bar | None = None, *, note: str = "") -> None:
        """One figure; printed at once, so that who waits sees how far it is."""
        row = self._rows.setdefault((self._section, name), _Row(name, unit))
        row.figures[self.engine], row.bar[self.engine] = figure, bar
        sys.stderr.write(f"  {name:<46} {_number(figure):>9} {unit:<4} {note}".rstrip() + "\n")
        sys.stderr.flush()

    def fail(self, part: str, error: BaseException) -> None:
        self._failures.append(f"{part} ({self.engine}): {str(error) or type(error).__name__}")
        sys.stderr.write(f"  FAILED: {self._failures[-1]}\n")

    @property
    def has_failures(self) -> bool:
        return bool(self._failures)

    def table(self) -> str:
        """Everything that was found, however far it came."""
        engines = list(dict.fromkeys(engine for row in self._rows.values() for engine in row.figures))
        lines = [_line("", engines, "", "bar", "verdict")]
        section = ""
        for (begun, _), row in self._rows.items():
            if begun != section:
                section = begun
                lines.append(f"\n{section}")
            figures = [_number(row.figures[engine]) if engine in row.figures else "" for engine in engines]
            lines.append(_line(f"  {row.name}", figures, row.unit, row.bars, row.verdict))
        lines += [f"\nFAILED  {failure}" for failure in self._failures]
        return "\n".join(lines) + "\n"


def at_least(value: float) -> Bar:
    return Bar(value, least=True)


def at_most(value: float) -> Bar:
    return Bar(value)


def _number(figure: float) -> str:
    return f"{figure:,.2f}" if figure < 10 else f"{figure:,.0f}"


def _line(name: str, figures: list[str], unit: str, bar: str, verdict: str) -> str:
    columns = "".join(f"{figure:>12}" for figure in figures)
    return f"{name:<48}{columns} {unit:<4} {bar:<18} {verdict}".rstrip()
