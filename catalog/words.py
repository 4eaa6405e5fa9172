"""What a shopper's words ask for: all of them, each by itself or by what the catalogue calls it.

The catalogue's words are in the search text of each product: name, brand, category, colour, for whom, season,
occasion. PostgreSQL's stemming takes care of plurals; `synonyms.txt` of what people call things.
"""

import re
from functools import cache, reduce
from operator import and_
from pathlib import Path

from django.contrib.postgres.search import CombinedSearchQuery, SearchQuery

from catalog.models import fold

Query = SearchQuery | CombinedSearchQuery

SYNONYMS = Path(__file__).with_name("synonyms.txt")
# Of English these are dropped by PostgreSQL, too.
_SMALL = """
a an and for in of the to with
als am auch das der die ein eine einen einem einer fur in im mit oder und von zu
"""
SMALL_WORDS = frozenset(_SMALL.split())
ENDINGS = ("", "s", "e", "n", "es", "en", "er", "em", "ern")
# More words than a person types; keeps a hostile address from becoming a long query.
WORDS_MAX = 20
# Web search syntax is for people who know it: “red dress” as a phrase, or, -without.
SYNTAX = re.compile(r'"|(^|\s)-\S|\bor\b', re.IGNORECASE)


@cache
def synonyms() -> dict[str, tuple[str, ...]]:
    """For a shopper's word the catalogue's words, both folded and in lower case."""
    found: dict[str, list[str]] = {}
    for line in SYNONYMS.read_text(encoding="utf-8").splitlines():
        ours, _, theirs = line.partition(":")
        if not theirs or line.startswith("#"):
            continue
        for word in theirs.split(","):
            found.setdefault(fold(word.strip().lower()), []).append(fold(ours.strip().lower()))
    return {word: tuple(names) for word, names in found.items()}


def names_of(word: str) -> list[str]:
    """What the catalogue may call a word: “rotes” is “red”."""
    word, known = fold(word.lower()), synonyms()
    stems = [word.removesuffix(ending) for ending in ENDINGS if word.endswith(ending)]
    return list(dict.fromkeys(name for stem in stems for name in known.get(stem, ())))


def meanings(text: str) -> list[Query]:
    """One query for each word of `text` that says something."""
    words = [word for word in fold(text).split() if word.lower().strip(",.!?") not in SMALL_WORDS]
    return [_meaning(word) for word in words[:WORDS_MAX]]


def _meaning(word: str) -> Query:
    query: Query = SearchQuery(word, search_type="plain", config="english")
    for name in names_of(word.strip(",.!?")):
        query = query | SearchQuery(name, search_type="phrase", config="english")
    return query


def text_query(text: str) -> Query:
    """What `text` asks for: all its words, the last one perhaps not typed to its end."""
    if SYNTAX.search(text):
        return SearchQuery(fold(text), search_type="websearch", config="english")
    found = meanings(text)
    if not found:
        return SearchQuery(fold(text), search_type="plain", config="english")
    last = fold(text).split()[-1]
    if re.fullmatch(r"\w{2,}", last) and last.lower() not in SMALL_WORDS and len(found) <= WORDS_MAX:
        found[-1] = found[-1] | SearchQuery(f"{last}:*", search_type="raw", config="english")
    return reduce(and_, found)
