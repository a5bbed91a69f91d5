"""Characters that no name may hold, because they change what a reader of it sees.

A name goes to a terminal, a report and a certificate. Control characters move the cursor or end
the line there, marks of writing direction turn the text around them, and halves of a surrogate
pair cannot be written at all. Letters of any script, accents and joiners are left alone.

The marks of direction are those of Unicode Standard Annex 9, table of directional formatting
characters; why they are refused: Boucher and Anderson, "Trojan Source: Invisible
Vulnerabilities", 32nd USENIX Security Symposium (2023).
"""

import re

CONTROLS = r"\x00-\x1f\x7f-\x9f"
SEPARATORS = r"\u2028\u2029"
DIRECTIONS = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
HALVES = r"\ud800-\udfff"
FORBIDDEN = re.compile(f"[{CONTROLS}{SEPARATORS}{DIRECTIONS}{HALVES}]")
LAYOUT = "\n\t"  # of texts that may have several lines


def forbidden_in(text: str, *, besides: str = "") -> str:
    """Return the first forbidden character of a text, apart from some, as "U+202E"; '' if none."""
    for found in FORBIDDEN.finditer(text):
        if found[0] not in besides:
            return f"U+{ord(found[0]):04X}"
    return ""


def printable(text: str) -> str:
    """Return a text in which forbidden characters are spelt out; line ends and tabs stay."""
    return FORBIDDEN.sub(
        lambda found: found[0] if found[0] in LAYOUT else f"<U+{ord(found[0]):04X}>", text
    )
