"""Cells that a spreadsheet would compute: made text on the way out, and what they were on the way in."""

import re

FORMULA = re.compile(r"'*[=+\-@\t\r]")
ESCAPED = re.compile(r"'+[=+\-@\t\r]")


def escape(text: str) -> str:
    """With an apostrophe in front where a spreadsheet would take the text for a formula."""
    return f"'{text}" if FORMULA.match(text) else text


def unescape(text: str) -> str:
    """What `escape` was given."""
    return text[1:] if ESCAPED.match(text) else text
