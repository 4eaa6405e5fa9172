"""Reading pages as a visitor does."""

import re
from html import unescape
from typing import Any


def text(response: Any) -> str:
    """The words of a page, without tags and what is between those of scripts and titles."""
    page = re.sub(r"<(script|title|template)\b.*?</\1>", " ", response.content.decode(), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())


def cards(response: Any) -> list[str]:
    """Names of the products on the cards of a page, in their order."""
    found = re.findall(r'class="card-name">\s*<a [^>]*>([^<]*)<', response.content.decode())
    return [unescape(name) for name in found]
