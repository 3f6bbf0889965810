"""What lint can find: the kinds with their codes, and one finding at its place."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.agendas.secrets import masked
from app.domain.agendas.values import Place


class Severity(StrEnum):
    """How bad it is. With an `ERROR` somebody would miss the call, or a secret is public: the command ends with 1."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


@dataclass(frozen=True)
class Kind:
    """A rule's name for people, and how bad it is to break it. The code never changes."""

    code: str
    severity: Severity
    title: str


_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTICE
KINDS = {
    kind.code: kind
    for kind in (
        Kind("TP100", _E, "The file cannot be read"),
        Kind("TP101", _E, "The weekday does not match the date"),
        Kind("TP102", _E, "There is no such day"),
        Kind("TP103", _E, "The date cannot be read"),
        Kind("TP104", _E, "The years contradict each other"),
        Kind("TP105", _E, "The file's name is another day"),
        Kind("TP106", _W, "The row is out of order"),
        Kind("TP107", _E, "The call stands there twice"),
        Kind("TP108", _W, "The row has too many or too few cells"),
        Kind("TP201", _E, "There is no such time"),
        Kind("TP202", _E, "The time is far from the others of its region"),
        Kind("TP203", _E, "The time cannot be read"),
        Kind("TP204", _W, "GMT shifts the time on people's clocks"),
        Kind("TP205", _W, "It is night there"),
        Kind("TP206", _E, "The two clocks contradict each other"),
        Kind("TP301", _E, "Table and file give different times"),
        Kind("TP302", _W, "Table and file give different titles"),
        Kind("TP303", _E, "Table and file name different regions"),
        Kind("TP304", _N, "Table and file name the regions in another order"),
        Kind("TP305", _W, "Table and file name different speakers"),
        Kind("TP306", _N, "Table and file say differently where a speaker is from"),
        Kind("TP307", _E, "Table and file give different dates"),
        Kind("TP308", _W, "The agenda gives the talk another title"),
        Kind("TP309", _W, "The text is about another call's talk"),
        Kind("TP401", _W, "The link leads nowhere"),
        Kind("TP402", _E, "The link leads to no file"),
        Kind("TP403", _W, "The row has no file"),
        Kind("TP404", _W, "The file has no row"),
        Kind("TP405", _E, "The link leads to another call"),
        Kind("TP406", _N, "The link's text says nothing"),
        Kind("TP501", _E, "A passcode or a meeting's number is public"),
        Kind("TP502", _E, "An address to join or to register is public"),
        Kind("TP601", _W, "The tag is not known"),
        Kind("TP602", _W, "What was to be announced never was"),
        Kind("TP603", _W, "Something is missing"),
        Kind("TP604", _W, "The minutes do not add up"),
        Kind("TP605", _N, "A part has no minutes"),
        Kind("TP606", _W, "A name is written in two ways"),
        Kind("TP607", _N, "It is one Rule"),
        Kind("TP608", _W, "The label is misspelt"),
        Kind("TP609", _N, "Marks of Markdown are left over"),
    )
}


@dataclass(frozen=True, order=True)
class Finding:
    """What a rule found, in a sentence. No text of it holds a secret."""

    place: Place
    code: str
    message: str
    source: str = ""

    @property
    def kind(self) -> Kind:
        return KINDS[self.code]

    @property
    def severity(self) -> Severity:
        return self.kind.severity


def found(code: str, place: Place, message: str) -> Finding:
    return Finding(place, code, message)


def quoted(text: str) -> str:
    """What somebody wrote, for use in a message: cut, and without a secret that it may hold."""
    shown = masked(text)
    return f"“{shown if len(shown) <= 80 else shown[:79] + '…'}”"
