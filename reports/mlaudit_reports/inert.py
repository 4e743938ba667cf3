"""Makes untrusted text harmless to show: names in an account may be chosen by anyone.

Every renderer but JSON passes every text of the audit through :func:`visible`. Escaping for HTML
or Markdown comes on top.
"""

import re
import unicodedata

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories that act or hide instead of showing: controls, bidi marks, surrogates."""

_SPACES = re.compile(r"[\t\r\n]+")
_LIMIT = 600


def visible(text: str, limit: int = _LIMIT) -> str:
    """Give the text on one line, with hidden characters spelled out, cut at a length."""
    line = _SPACES.sub(" ", text[:limit])
    shown = line if line.isprintable() else "".join(map(_spelled, line))
    cut = len(text) - limit
    return shown if cut <= 0 else f"{shown}… ({cut} more characters)"


def _spelled(character: str) -> str:
    if unicodedata.category(character) in _HIDDEN:
        return f"<U+{ord(character):04X}>"
    return character
