"""What is wrong with an environment, in sentences for the person who can change it."""

from __future__ import annotations


class SettingsError(Exception):
    """The environment does not make a safe installation; `problems` holds every reason, `str()` one a line."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(["Touchpoints cannot start with these settings:", *(f"- {p}" for p in problems)]))
        self.problems = problems
