"""Fill static/vendor/ from node_modules/: scripts, fonts, and one sprite of the icons that are used.

An icon is used if `icon('name')` stands anywhere below templates/ or app/, be it in a comment beside a name that is
data.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"
ICONS = PACKAGES / "lucide-static" / "icons"
COPIES = {
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "Sortable.min.js": "sortablejs/Sortable.min.js",
    "inter-latin-wght-normal.woff2": "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
    "inter-latin-ext-wght-normal.woff2": "@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2",
    "inter-LICENSE.txt": "@fontsource-variable/inter/LICENSE",
    "lucide-LICENSE.txt": "lucide-static/LICENSE",
}
_CALL = re.compile(
    r"""\bicon\(\s*(['"])(?P<name>[a-z0-9-]+)\1"""
    r"""(?:\s+if\s+[^()]*?\s+else\s+(['"])(?P<other>[a-z0-9-]+)\3)?"""
)


class UnknownIcon(Exception):
    """A template names icons that Lucide does not have."""


def main() -> None:
    used = names_in(sources())
    fingerprint = _fingerprint(used)
    stamp = VENDOR / ".made-from"
    if stamp.exists() and stamp.read_text() == fingerprint:
        return
    if not ICONS.is_dir():
        raise SystemExit("The front-end packages are not there: run make front-end")
    drawn = sprite(used)
    VENDOR.mkdir(parents=True, exist_ok=True)
    for name, source in COPIES.items():
        shutil.copyfile(PACKAGES / source, VENDOR / name)
    (VENDOR / "icons.svg").write_text(drawn, encoding="utf-8")
    stamp.write_text(fingerprint)
    print(f"static/vendor: {len(COPIES)} files and a sprite of {len(used)} icons")


def sources() -> Iterator[Path]:
    yield from sorted((ROOT / "templates").rglob("*"))
    yield from sorted((ROOT / "app").rglob("*.py"))


def names_in(files: Iterable[Path]) -> dict[str, Path]:
    """Every icon that is called for, with the first file that does, in the order of names."""
    used: dict[str, Path] = {}
    for file in files:
        if file.is_file():
            for call in _CALL.finditer(file.read_text(encoding="utf-8")):
                for name in filter(None, (call["name"], call["other"])):
                    used.setdefault(name, file)
    # `icon('name')` is how documentation and this docstring say it.
    return {name: used[name] for name in sorted(used) if name != "name"}


def sprite(used: dict[str, Path]) -> str:
    """One SVG with a symbol per icon; stroke and fill come from the style of the element that uses it."""
    unknown = [
        f"{name} ({file.relative_to(ROOT)})" for name, file in used.items() if not (ICONS / f"{name}.svg").exists()
    ]
    if unknown:
        raise UnknownIcon(f"Lucide has no icon of this name: {', '.join(unknown)}")
    symbols = "\n".join(_symbol(name) for name in used)
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'


def _symbol(name: str) -> str:
    drawing = (ICONS / f"{name}.svg").read_text(encoding="utf-8")
    inside = re.search(r"<svg[^>]*>(.*)</svg>", drawing, re.DOTALL)
    if inside is None:
        raise UnknownIcon(f"The drawing of {name} is not one <svg> element")
    shapes = "".join(line.strip() for line in inside[1].splitlines())
    return f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>'


def _fingerprint(used: Iterable[str]) -> str:
    parts = [(ROOT / "package-lock.json").read_bytes(), Path(__file__).read_bytes(), " ".join(used).encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


if __name__ == "__main__":
    try:
        main()
    except UnknownIcon as error:
        raise SystemExit(str(error)) from None
