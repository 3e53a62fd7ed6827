"""Static files from npm packages: only those named here, since Tabler's whole `dist` refers to files it lacks.

They are prepared in `LOCAL_DIR/static`: the comment that names a source map is taken off (manifest storage would look
for the map), and the icons in use become one sprite.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage
from django.core.files.storage import FileSystemStorage

NODE_MODULES = settings.BASE_DIR / "node_modules"
FILES = {
    "vendor/tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "vendor/chart.umd.min.js": "chart.js/dist/chart.umd.min.js",
}
"""Our name -> the file's place in `node_modules`."""
SPRITE = "vendor/icons.svg"
ICON_NAMES = """
    activity address-book adjustments-horizontal alert-circle alert-triangle arrow-left ban calendar chart-bar check
    chevron-down chevron-left chevron-right circle-check clock copy database device-desktop dots download edit
    external-link eye file-import filter headphones history home hourglass info-circle key language list-check lock
    logout menu-2 message microphone moon notes pencil phone phone-call phone-check phone-off phone-outgoing phone-pause
    phone-x player-pause player-play player-stop plus refresh report-analytics robot search send settings shield
    shield-check speakerphone sun tags trash upload user user-check user-circle users volume x
"""
_SOURCE_MAP = re.compile(r"\s*(/\*# sourceMappingURL=\S+ \*/|//# sourceMappingURL=\S+)\s*$")


class PackageFinder(BaseFinder):
    """Finds the named files of npm packages and the icon sprite, for `collectstatic` and the development server."""

    def find(self, path: str, find_all: bool = False, **_kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        """The absolute path, with `find_all` in a list; an empty list where we have no such file."""
        if path not in _available():
            return []
        found = str(_prepare(path))
        return [found] if find_all else found

    def check(self, **_kwargs: Any) -> list[CheckMessage]:
        return []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        storage = FileSystemStorage(location=_directory())
        for path in _available():
            _prepare(path)
            yield path, storage


def _directory() -> Path:
    return Path(settings.LOCAL_DIR) / "static"


def _available() -> list[str]:
    """Nothing at all before `npm ci` has run; a system check says so."""
    return [*FILES, SPRITE] if NODE_MODULES.is_dir() else []


def _prepare(path: str) -> Path:
    target = _directory() / path
    content = sprite() if path == SPRITE else _without_source_map(NODE_MODULES / FILES[path])
    if not target.exists() or target.read_text(encoding="utf-8") != content:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, encoding="utf-8")
    return target


def _without_source_map(source: Path) -> str:
    return _SOURCE_MAP.sub("\n", source.read_text(encoding="utf-8"))


def sprite() -> str:
    """One SVG with a symbol for each icon in use, drawn by `{% icon "name" %}`."""
    symbols = "".join(_symbol(name) for name in sorted(ICON_NAMES.split()))
    return f'<svg xmlns="http://www.w3.org/2000/svg">{symbols}</svg>'


def _symbol(name: str) -> str:
    drawing = (NODE_MODULES / "@tabler/icons/icons/outline" / f"{name}.svg").read_text(encoding="utf-8")
    shapes = re.sub(r"\s+", " ", drawing[drawing.index(">") + 1 : drawing.rindex("</svg>")]).strip()
    return f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>'
