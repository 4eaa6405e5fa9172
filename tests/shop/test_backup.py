"""Dump, wipe, restore: the shop gives the same answers afterwards."""

import os
import shutil

import psycopg
import pytest
from django.core.management import CommandError, call_command
from psycopg import sql

from tests.shop.conftest import manage, new_database

pytestmark = pytest.mark.slow
FILL = """
from tests.factories import make_embedding, make_image, make_product
for number in range(12):
    make_embedding(make_image(make_product(slug=f"p{number}", sku=f"p{number}")), 1.0, number / 10)
"""
ANSWERS = """
from catalog.models import Product, ProductImage
from similarity import neighbours
for product in Product.objects.order_by("slug"):
    found = neighbours.of_product(product)
    print(product.slug, [(n.product.slug, round(n.similarity, 6)) for n in found])
for image in ProductImage.objects.order_by("pk"):
    print(image.checksum, len(image.picture.read()))
"""


def fingerprint(database: str) -> dict[str, tuple]:
    """Of every table, how many rows there are and a hash of all of them."""
    with psycopg.connect(database) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        rows = "SELECT count(*), md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))) FROM {} t"
        return {
            table: connection.execute(sql.SQL(rows).format(sql.Identifier(table))).fetchone()
            for [table] in tables
        }


def test_after_a_restore_the_shop_answers_as_before(database, tmp_path):
    media = tmp_path / "media"
    own = {"MEDIA_ROOT": str(media), "LOG_LEVEL": "ERROR"}
    manage(database, "migrate", "-v0")
    manage(database, "shell", "-v0", "-c", FILL, **own)
    before = manage(database, "shell", "-v0", "-c", ANSWERS, **own), fingerprint(database)
    assert "p1" in before[0]
    assert {"catalog_product", "similarity_searchvector", "shop_apitoken", "auth_user"} <= before[1].keys()
    manage(database, "backup", str(tmp_path / "backup"), **own)

    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("TRUNCATE catalog_product, similarity_backbone CASCADE")
        connection.execute("DROP TABLE similarity_worker")
    shutil.rmtree(media)
    manage(database, "restore", str(tmp_path / "backup"), **own)
    assert (manage(database, "shell", "-v0", "-c", ANSWERS, **own), fingerprint(database)) == before

    shutil.rmtree(media)  # on another machine, or in the directory of a new major version
    with new_database(f"restored_{os.getpid()}") as empty:
        manage(empty, "restore", str(tmp_path / "backup"), **own)
        assert (manage(empty, "shell", "-v0", "-c", ANSWERS, **own), fingerprint(empty)) == before


def test_a_backup_never_overwrites_another(tmp_path):
    (tmp_path / "database.dump").write_text("of yesterday")
    with pytest.raises(CommandError, match="is not empty"):
        call_command("backup", str(tmp_path))
    assert (tmp_path / "database.dump").read_text() == "of yesterday"


def test_a_folder_without_a_dump_is_refused(tmp_path):
    with pytest.raises(CommandError, match=r"holds no database\.dump"):
        call_command("restore", str(tmp_path))
