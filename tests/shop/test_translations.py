"""German is complete, well-formed, compiled, and what the shopper gets who asks for it."""

import io
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.test import Client

from tests.factories import make_category, make_product
from tests.pages import text

FOLDER = settings.BASE_DIR / "locale" / "de" / "LC_MESSAGES"


def catalog(path: Path = FOLDER / "django.po") -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="de")


def key(message: Message) -> tuple[str | None, str]:
    """What a message is found by: its context, and its text in the singular."""
    return message.context, message.id if isinstance(message.id, str) else message.id[0]


def strings(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, (list, tuple)) else [message.string]


def test_every_message_is_translated_and_none_is_fuzzy() -> None:
    messages = [message for message in catalog() if message.id]
    assert len(messages) > 500
    assert [m.id for m in messages if m.fuzzy or not all(strings(m))] == []


def test_placeholders_and_tags_are_those_of_the_original() -> None:
    def marks(words: str) -> list[str]:
        return sorted(re.findall(r"%\(\w+\)[a-z]|%[ds]|</?\w+[^>]*>", words))

    for message in catalog():
        if message.id:
            plural = message.id[-1] if isinstance(message.id, tuple) else message.id
            assert all(marks(string) == marks(plural) for string in strings(message)), message.id


def test_the_compiled_file_is_that_of_the_text() -> None:
    """`make messages` compiles it."""
    compiled = io.BytesIO()
    write_mo(compiled, catalog())
    assert (FOLDER / "django.mo").read_bytes() == compiled.getvalue()


@pytest.mark.skipif(not shutil.which("xgettext"), reason="there is no GNU gettext here")
def test_the_sources_hold_no_other_messages(tmp_path: Path) -> None:
    """`make messages` collects them."""
    for name in ("catalog", "shop", "similarity", "templates", "locale"):
        ignored = shutil.ignore_patterns("__pycache__", "weights", "migrations")
        shutil.copytree(settings.BASE_DIR / name, tmp_path / name, ignore=ignored)
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    command = [sys.executable, "-m", "django", "makemessages", "--locale", "de", "--no-obsolete"]
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True, timeout=120)
    collected = catalog(tmp_path / "locale/de/LC_MESSAGES/django.po")
    assert {key(m) for m in collected if m.id} == {key(m) for m in catalog() if m.id}


@pytest.mark.django_db
class TestPages:
    @pytest.fixture(autouse=True)
    def _product(self) -> None:
        category = make_category("Dresses")
        make_product(
            name="Wrap", category=category, base_colour="Red", gender="Women", price="1234.50", slug="wrap"
        )

    def test_a_browser_that_asks_for_german_gets_it(self, client: Client) -> None:
        response = client.get("/p/wrap/", headers={"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"})
        assert '<html lang="de">' in response.content.decode()
        assert "Accept-Language" in response["Vary"]
        for words in ("Alle Produkte", "Kleider", "Rot", "Damen", "1.234,50\xa0€", "Mit Foto suchen"):
            assert words in text(response).replace("1.234,50 €", "1.234,50\xa0€")

    def test_what_machines_read_is_the_same_in_every_language(self, client: Client) -> None:
        page = client.get("/p/wrap/", headers={"Accept-Language": "de"}).content.decode()
        assert re.search(r'property="product:price:amount"\s+content="1234.50"', page)
        assert '"price": "1234.50"' in page

    def test_another_language_than_ours_gets_english(self, client: Client) -> None:
        assert "All products" in text(client.get("/", headers={"Accept-Language": "fr"}))

    def test_the_footer_offers_each_language_in_its_own_words(self, client: Client) -> None:
        words = text(client.get("/"))
        assert "English" in words
        assert "Deutsch" in words

    def test_a_choice_leads_back_and_lasts(self, client: Client) -> None:
        response = client.post(
            "/language/", {"language": "de"}, headers={"Referer": "http://testserver/?colour=Red"}
        )
        assert response.status_code == 302
        assert response["Location"] == "http://testserver/?colour=Red"
        assert "Alle Produkte" in text(client.get("/", headers={"Accept-Language": "en"}))

    def test_a_choice_leads_to_no_other_site(self, client: Client) -> None:
        response = client.post("/language/", {"language": "de", "next": "https://evil.example/"})
        assert response["Location"] == "/"

    def test_prices_are_filtered_with_a_comma_too(self, client: Client) -> None:
        assert "Wrap" in text(client.get("/?price_max=1234,50"))
        assert "Wrap" not in text(client.get("/?price_max=1234,49"))
