"""Excel sheets: as merchants save them, and as attackers make them."""

import datetime
import io
import json
import zipfile

import openpyxl
import pytest
from django.core.management import call_command

from catalog.export import ProductResource
from catalog.imports import sheets
from catalog.imports.problems import ImportRefused
from catalog.imports.tables import open_table
from catalog.models import Category, Product
from tests.catalog.imports import servers
from tests.factories import make_brand, make_product

pytestmark = pytest.mark.usefixtures("soon")


def sheet(path, *rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def with_part(source, name, content):
    """The file with one of its parts replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename != name:
                new.writestr(info, old.read(info))
        new.writestr(name, content)
    source.write_bytes(out.getvalue())
    return source


def with_rows(path, rows):
    """A sheet whose XML holds these rows, and which says that it is as large as a sheet can be."""
    start = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    start += '<dimension ref="A1:XFD1048576"/><sheetData>'
    header = '<row r="1"><c r="A1" t="inlineStr"><is><t>sku</t></is></c></row>'
    whole = f"{start}{header}{rows}</sheetData></worksheet>"
    return with_part(sheet(path, ["sku"]), "xl/worksheets/sheet1.xml", whole)


def test_cells_are_read_as_people_see_them(tmp_path):
    values = [39386, 19.9, 12.0, True, None, "Café", datetime.date(2026, 11, 1), 0.1 + 0.2]
    table = open_table(sheet(tmp_path / "x.xlsx", [f"c{n}" for n in range(8)], values))
    [record] = table.records()
    assert record.number == 2
    assert record.cells == ["39386", "19.9", "12", "yes", "", "Café", "2026-11-01T00:00:00", "0.3"]


def test_rows_keep_their_numbers_and_blank_ones_are_left_out(tmp_path):
    table = open_table(sheet(tmp_path / "x.xlsx", ["sku", "name"], ["1", "a"], [], ["", " "], ["2"]))
    assert [(record.number, record.cells) for record in table.records()] == [(2, ["1", "a"]), (5, ["2", ""])]


def test_the_content_decides_not_the_name(tmp_path):
    assert open_table(sheet(tmp_path / "x.xlsx", ["sku"]).rename(tmp_path / "x.csv")).header == ["sku"]


def test_a_size_that_only_the_file_believes_costs_nothing(tmp_path):
    path = with_rows(tmp_path / "x.xlsx", '<row r="9"><c r="A9"><v>1</v></c></row>')
    assert [record.number for record in open_table(path).records()] == [9]


def test_the_last_row_of_all_is_reached_or_refused(tmp_path):
    path = with_rows(tmp_path / "x.xlsx", '<row r="1048576"><c r="A1048576"><v>1</v></c></row>')
    with pytest.raises(ImportRefused, match="more than 200000 rows"):
        list(open_table(path).records())


@pytest.mark.parametrize(
    "content",
    [
        b"PK\3\4 no archive",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old one",
    ],
)
def test_what_is_no_sheet_is_refused(tmp_path, content):
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    with pytest.raises(ImportRefused):
        open_table(path)


LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)
CONTENT_TYPES = """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/xl/workbook.xml"
  ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml"
  ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>
<Override PartName="/xl/sharedStrings.xml"
  ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>
</Types>"""
FILE = '<!DOCTYPE x [<!ENTITY i SYSTEM "file:///etc/passwd">]>'
ADDRESS = '<!DOCTYPE x [<!ENTITY i SYSTEM "CANARY">]>'
DEFINITION = '<!DOCTYPE x SYSTEM "CANARY">'
PARAMETER = '<!DOCTYPE x [<!ENTITY % i SYSTEM "CANARY"> %i;]>'


@pytest.mark.parametrize("entities", [LAUGHS, FILE, ADDRESS, DEFINITION, PARAMETER])
@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"])
def test_entities_are_never_unpacked_nor_asked_for(tmp_path, entities, part):
    path = with_part(sheet(tmp_path / "x.xlsx", ["sku"]), "[Content_Types].xml", CONTENT_TYPES)
    with servers.site({}) as canary:
        content = f'<?xml version="1.0"?>{entities}<x>&i;</x>'.replace("CANARY", canary.url("/entities.dtd"))
        with pytest.raises(ImportRefused, match="cannot be read as an Excel sheet"):
            list(open_table(with_part(path, part, content)).records())
        assert canary.is_untouched


def test_the_sheet_of_the_test_above_is_read_when_it_is_whole(tmp_path):
    path = with_part(sheet(tmp_path / "x.xlsx", ["sku"]), "[Content_Types].xml", CONTENT_TYPES)
    assert open_table(with_part(path, "xl/sharedStrings.xml", "<sst><si><t>a</t></si></sst>")).header == [
        "sku"
    ]


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/worksheets/sheet1.xml", b"<row>" + b"<c/>" * 1_000_000 + b"</row>"),
        ("xl/sharedStrings.xml", b"<si><t>" + b"x" * 2_000_000 + b"</t></si>"),
        ("xl/styles.xml", b" " * (sheets.MAX_OTHER_BYTES + 1)),
        ("xl/theme/other.xml", b" " * (sheets.MAX_OTHER_BYTES + 1)),
    ],
)
def test_parts_that_are_too_large_are_refused_before_they_are_parsed(tmp_path, part, content):
    path = with_part(sheet(tmp_path / "x.xlsx", ["sku"]), part, content)
    with pytest.raises(ImportRefused, match="too large"):
        open_table(path)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_can_be_imported_again_and_changes_nothing(tmp_path, kind):
    apparel = Category.objects.create(name="Apparel", slug="apparel")
    shirts = Category.objects.create(name="Shirts", slug="shirts", parent=apparel)
    make_product(sku="1", name="=SUM(1)", category=shirts, brand=make_brand("Acme"), price="1234.50", stock=0)
    make_product(sku="'@3", name="'=x", category=shirts, base_colour="+", usage="@home", description="=1\n=2")
    make_product(sku="-2", name="Plain", category=apparel, is_active=False, description="Two\nlines")
    exported = tmp_path / f"export.{kind}"
    content = ProductResource().export(Product.objects.order_by("id")).export(kind)
    exported.write_bytes(content if isinstance(content, bytes) else content.encode())
    out = io.StringIO()
    call_command("import_catalog", exported, json=True, stdout=out)
    result = json.loads(out.getvalue())
    assert (result["unchanged"], result["problems"]) == (3, [])
