"""The brand of a product whose file names none."""

import re

GENDER = re.compile(r"\b(?:men|women|unisex|boys?|girls?|kids?)(?:['’]?s)?\b", re.IGNORECASE)
MAX_WORDS = 4  # “United Colors of Benetton”; what is longer is a description


def brand_in(name: str, base_colour: str = "") -> str:
    """The words of `name` before its gender word, less a colour at their end; empty when unsure.

    “Peter England Men Party Blue Jeans” gives “Peter England”. Without a gender word nothing tells where
    the brand ends: “Red Rose Cream Nightdress” gives nothing.
    """
    gender = GENDER.search(name)
    if gender is None:
        return ""
    words = name[: gender.start()].split()
    if words and words[-1].casefold() == base_colour.casefold():
        words.pop()
    return " ".join(words) if len(words) <= MAX_WORDS else ""
