"""What is searched for: every word of the people of the suite, and a mark in every column that is nobody's business."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email import message_from_bytes, policy

from tests.leaks.canaries import EVERYBODY
from tests.leaks.readings import of_mail, plain, readings

MARK = re.compile(r"zztaint(\w+?)zz")
_WORDS = {plain(word): word for canary in EVERYBODY for word in canary.words()}
_ALL_HAVE = "zq"  # but for digests
_DIGESTS = [bare for bare in _WORDS if _ALL_HAVE not in bare]
_SPELT = [bare for bare in _WORDS if _ALL_HAVE in bare]


@dataclass
class Search:
    """Which words stand in octets. What was read once is not read again: most pages share most of their lines."""

    numbers: frozenset[str] = frozenset()
    _read: dict[bytes, frozenset[str]] = field(default_factory=dict)
    _mails: dict[bytes, frozenset[str]] = field(default_factory=dict)

    def found(self, data: bytes) -> frozenset[str]:
        """The words of people, the marked columns (as "table.column"), and the numbers that stand in the octets."""
        if data not in self._read:
            self._read[data] = frozenset(self._look(readings(data)))
        return self._read[data]

    def found_in_page(self, data: bytes) -> frozenset[str]:
        """The same of a page, line by line."""
        return frozenset().union(*map(self.found, data.split(b"\n")))

    def found_in_mail(self, message: bytes) -> frozenset[str]:
        """The same of a mail as it was sent, in all its parts."""
        if message not in self._mails:
            parsed = message_from_bytes(message, policy=policy.SMTP)
            self._mails[message] = frozenset().union(*map(self.found, of_mail(parsed)))
        return self._mails[message]

    def _look(self, text: str) -> set[str]:
        words = [*_DIGESTS, *(_SPELT if _ALL_HAVE in text else ())]
        found = {_WORDS[bare] for bare in words if bare in text}
        return found | set(MARK.findall(text)) | {number for number in self.numbers if number in text}
