"""flask agenda lint: what is wrong in the community's Markdown agendas, for people, for programs and for GitHub."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from app.cli.agenda_files import read_files
from app.cli.agendas import agenda
from app.domain.agendas.decoding import Unreadable
from app.domain.agendas.findings import KINDS, Finding, Severity
from app.domain.agendas.linting import KNOWN_TAGS, count_by_code, has_errors, lint
from app.web.clock import now

FOUND, UNREADABLE = 1, 2
Lines = Callable[[Sequence[Finding], Sequence[Unreadable], int], Iterator[str]]


@agenda.command("lint")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "json", "github"]), default="text", show_default=True)
@click.option("--tag", "tags", multiple=True, help="A tag that is known, beside the usual ones. Can be repeated.")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="Judge what is past as of this day.")
@click.pass_context
def lint_paths(
    context: click.Context, paths: tuple[Path, ...], form: str, tags: tuple[str, ...], today: datetime | None
) -> None:
    """Say what is wrong in the agendas at PATH: files, or folders with all files of Markdown below them.

    Give the year's table and the files of its calls together, so that they can be compared. Ends with 1 if there are
    errors, with 0 if there are only warnings and notices, with 2 if something could not be read. Needs no database.
    """
    sources, unreadable = read_files(paths)
    day = (today or now().astimezone(UTC)).date()
    findings = lint(sources, today=day, tags=KNOWN_TAGS | frozenset(tags), exists=_exists)
    for line in _FORMATS[form](findings, unreadable, len(sources)):
        click.echo(line)
    context.exit(UNREADABLE if unreadable else FOUND if has_errors(findings) else 0)


def _exists(path: str) -> bool:
    return Path(path).exists()


def _as_text(findings: Sequence[Finding], unreadable: Sequence[Unreadable], files: int) -> Iterator[str]:
    for finding in findings:
        place = finding.place
        yield f"{place.file}:{place.line}:{place.column}: {finding.code} {finding.severity}: {finding.message}"
        if finding.source:
            yield f"    {finding.source}"
    yield from (f"{each}" for each in unreadable)
    counts = count_by_code(findings)
    yield from (f"{count:>5}  {code} {KINDS[code].title} ({KINDS[code].severity})" for code, count in counts.items())
    yield f"{_count(files, 'file')}, {_severities(findings)}."


def _as_json(findings: Sequence[Finding], unreadable: Sequence[Unreadable], files: int) -> Iterator[str]:
    whole = {
        "files": files,
        "counts": count_by_code(findings),
        "findings": [
            {
                "file": finding.place.file,
                "line": finding.place.line,
                "column": finding.place.column,
                "code": finding.code,
                "severity": finding.severity.value,
                "title": finding.kind.title,
                "message": finding.message,
                "source": finding.source,
            }
            for finding in findings
        ],
        "unreadable": [{"file": each.path, "why": each.why} for each in unreadable],
    }
    yield json.dumps(whole, indent=2, ensure_ascii=False)


def _as_github(findings: Sequence[Finding], unreadable: Sequence[Unreadable], _files: int) -> Iterator[str]:
    """Workflow commands, which GitHub shows at the lines of a change."""
    for each in unreadable:
        yield f"::error file={_property(each.path)},title=TP100::{_data(str(each))}"
    for finding in findings:
        place = finding.place
        where = f"file={_property(place.file)},line={place.line},col={place.column}"
        title = _property(f"{finding.code} {finding.kind.title}")
        yield f"::{finding.severity} {where},title={title}::{_data(finding.message)}"


def _severities(findings: Sequence[Finding]) -> str:
    words = [_count(sum(each.severity is severity for each in findings), severity.value) for severity in Severity]
    return f"{', '.join(words[:-1])} and {words[-1]}"


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


_FORMATS: dict[str, Lines] = {"text": _as_text, "json": _as_json, "github": _as_github}
