"""The regions that calls are for, and whose clocks stand for them."""

from __future__ import annotations

import re

from app.domain.cities import COMMUNITY_CITIES

_NEW_YORK, _MADRID, _BENGALURU, _TOKYO = COMMUNITY_CITIES
CITIES = {"EMEA": (_MADRID,), "AMER": (_NEW_YORK,), "APAC": (_TOKYO, _BENGALURU)}
_REGION = re.compile(r"\b(EMEA|APAC|AMER)(?:ICAS?)?\b", re.IGNORECASE)


def regions_in(text: str) -> tuple[str, ...]:
    """The regions that `text` names, in its order, each once: "APAC & EMEA Touchpoint"."""
    return tuple(dict.fromkeys(match[1].upper() for match in _REGION.finditer(text)))
