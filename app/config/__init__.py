"""Settings of one installation, read once from the environment; an unsafe or incomplete set does not start."""

from app.config.mail import MailSettings
from app.config.problems import SettingsError
from app.config.settings import Settings

__all__ = ["MailSettings", "Settings", "SettingsError"]
