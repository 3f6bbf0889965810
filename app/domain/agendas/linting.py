"""Lint: what in agendas is wrong, contradictory, missing or secret, in a fixed order."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from itertools import islice

from app.domain.agendas.findings import Finding, Severity
from app.domain.agendas.reading import read_agenda
from app.domain.agendas.rules import clocks, days, links, minutes, pairs, public, wording
from app.domain.agendas.rules.setting import Rule, Setting
from app.domain.agendas.secrets import holds_secret, masked
from app.domain.agendas.values import Agenda, Source

KNOWN_TAGS = frozenset(
    {
        "Business", "Community", "Compliance", "Emerging-Trends", "Emerging Trends", "InnerSource", "Security",
        "Strategy", "Sustainability", "Tooling",
    }
)  # fmt: skip
"""What the community's agendas use; an agenda may declare others in a line "Tags: ..."."""
SHOWN, MOST_OF_A_RULE = 240, 500
_RULES: tuple[Rule, ...] = (
    days.days,
    days.order,
    days.twice,
    clocks.clocks,
    clocks.outliers,
    clocks.shifts,
    clocks.nights,
    pairs.pairs,
    pairs.titles_within,
    pairs.strangers,
    links.links,
    links.rows_and_files,
    links.wrong_calls,
    links.unspoken,
    public.secrets,
    minutes.minutes,
    wording.tags,
    wording.past_placeholders,
    wording.missing,
    wording.names,
    wording.the_rule,
    wording.leftovers,
)


def unless_beside(sources: Sequence[Source]) -> Callable[[str], bool]:
    """For files that were handed in: those of a folder came together, and whether others exist is unknown."""
    folders = Counter(source.folder for source in sources)
    return lambda path: folders[posixpath.dirname(path)] < 2


def lint(
    sources: Sequence[Source],
    *,
    today: date,
    tags: Collection[str] = KNOWN_TAGS,
    exists: Callable[[str], bool] | None = None,
) -> tuple[Finding, ...]:
    """What the rules find, in order of file, line and column: each once, with its line as far as it may be shown.

    Of what breaks one rule more than MOST_OF_A_RULE times, nobody reads the rest, and nobody waits for it.

    `exists` says of a path whether there is such a file beside those in `sources`; without it see `unless_beside`.
    """
    agenda = read_agenda(sources)
    setting = Setting(today, frozenset(tag.lower() for tag in tags), exists or unless_beside(sources))
    return tuple(
        _shown(agenda, {finding for rule in _RULES for finding in islice(rule(agenda, setting), MOST_OF_A_RULE)})
    )


def count_by_code(findings: Iterable[Finding]) -> dict[str, int]:
    """How often each code was found, in order of the codes."""
    return dict(sorted(Counter(finding.code for finding in findings).items()))


def has_errors(findings: Iterable[Finding]) -> bool:
    return any(finding.severity is Severity.ERROR for finding in findings)


def _shown(agenda: Agenda, findings: Iterable[Finding]) -> Iterable[Finding]:
    lines = {source.path: source.text.splitlines() for source in agenda.sources}
    for finding in sorted(findings):
        numbered = lines[finding.place.file][finding.place.line - 1 : finding.place.line]
        line = numbered[0] if numbered else ""
        yield replace(finding, source=_as_shown(line))


@lru_cache(maxsize=16)
def _as_shown(line: str) -> str:
    """The line without a secret, cut. A line may have hundreds of findings."""
    return (masked(line) if holds_secret(line) else " ".join(masked(line).split()))[:SHOWN]
