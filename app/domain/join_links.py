"""Finds the secret of a call in text that is meant for the public: the way in, or what opens it."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

WHY_NOT = (
    "This holds a join link, a passcode or a number to dial in. Public pages would show it to everyone, so leave it "
    "out: the organizers send it to those who may join."
)
_ADDRESSES = (
    r"zoom(gov)?\.(us|com)/(j|my|s|w|wc|skype|meeting|webinar)\b",
    r"zoom-lfx\.[\w.-]{1,80}/meeting/",
    r"(zoommtg|zoomus|msteams|callto|sip|sips):/?/?\w",
    r"teams\.(microsoft|live|cloud\.microsoft)(\.com)?/(l/meetup-join|l/meeting|meet|dl/launcher)\b",
    r"aka\.ms/jointeamsmeeting",
    r"meet\.google\.com/\w",
    r"\.webex\.com/",
    r"(meet\.jit\.si|8x8\.vc|whereby\.com|gotomeet\.me|meet\.goto\.com|bluejeans\.com)/\w",
    r"(gotomeeting|gotowebinar)\.com/(join|register|registration|w)\b",
    r"\b(jitsi|bbb|bigbluebutton)[\w-]{0,40}\.[\w.-]{1,80}/\w",
    r"/bigbluebutton/api/join\b",
    r"/(b|rooms)/[a-z0-9]{3}-[a-z0-9]{3}-[a-z0-9]{3}",
    r"\bchime\.aws/\d",
    r"\bmeet\.[\w.-]{1,80}/[\w-]{1,80}\?(jwt|token)=",
)
_KEYS = (
    r"[?&;#](pwd|passwd|password|passcode|pin|tk|zak|jwt|token|registrant_token)=",
    r"\b(pwd|tk|zak)=",
)
_SAYS = r"([\s:=-]|\b(is|ist|est|es|é)\b){0,12}"
_WORDS_FOR_IT = r"\b(pass ?word|kennwort|passwort|kenncode|mot de passe|contraseña|senha|wachtwoord|hasło|heslo)"
_LABELS = (
    r"\bpass[ -]?codes?\b",
    _WORDS_FOR_IT + r"\s*[:=]\s*\S{0,60}\d",
    r"\b(access|host|security)[ -](code|key|pin)\b" + _SAYS + r"\d{3}",
    r"\b(code d.accès|code secret|zugangscode|codice d.accesso|código de acceso|toegangscode)\b"
    + _SAYS
    + r"\w{0,30}\d",
    r"(密码|密碼|パスコード|パスワード|암호) ?:? ?\w{0,30}\d",
    r"\bpin(-?code)?\b" + _SAYS + r"\d{4}",
    r"\b(meeting|webinar|conference|besprechungs|konferenz|réunion|reunión|reunião|riunione)[ -]?"
    r"(id|number|no\.?|nummer|kennung)\b" + _SAYS + r"\d{3}[ -]?\d{3}",
    r"\bid de (la )?(réunion|reunión|reunião)\b" + _SAYS + r"\d{3}[ -]?\d{3}",
    r"(会议号|會議號|ミーティング ?id|회의 ?id) ?:? ?\d{3}",
    r"\bone[ -]tap mobile\b",
    r"\b(dial[ -]?in|einwahl(nummer)?|call[ -]?in)\b[^\n]{0,40}\+?\d[\d ()./-]{6,30}",
    r"\+?\d[\d ()./-]{6,30},{1,4}\s*[*#]?\d{5,20}#?",
)
_SECRET = re.compile("|".join((*_ADDRESSES, *_KEYS, *_LABELS)), re.IGNORECASE)
_RECORDING = re.compile(r"https?://[\w.-]{0,80}\bzoom(gov)?\.(us|com)/rec/\S+", re.IGNORECASE)
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]|[*`]|__")


def holds_join_link(text: str) -> bool:
    """Whether `text` names the way into a call: an address to join or to register, a key in an address, a passcode, a
    meeting's number, a number to dial. The address of a recording is none.
    """
    plain = _RECORDING.sub(" ", _plain(text))
    return _SECRET.search(plain) is not None


def _plain(text: str) -> str:
    """As somebody reads it: without Markdown's marks and what nobody sees, and with encoded letters decoded."""
    seen = unquote(_UNSEEN.sub("", unicodedata.normalize("NFKC", text))).replace("&amp;", "&")
    return re.sub(r"[^\S\n]+", " ", seen)
