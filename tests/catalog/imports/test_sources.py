"""Tables in all the ways programs write them, and files that are none."""

import codecs
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.imports.problems import ImportRefused
from catalog.imports.sources import MAX_COLUMNS
from catalog.imports.tables import open_table

pytestmark = pytest.mark.usefixtures("soon")
ROWS = [["id", "name", "colour"], ["1", "Café “au lait”", "Grün"], ["2", "Jeans; blue, slim", "Bleu\tmarine"]]


def written(path, encoding="utf-8", delimiter=",", end="\r\n", mark=b""):
    """ROWS as a file, everything quoted."""
    text = end.join(delimiter.join(f'"{cell}"' for cell in row) for row in ROWS) + end
    path.write_bytes(mark + text.encode(encoding))
    return path


def read(path):
    table = open_table(path)
    return [table.header, *(record.cells for record in table.records())]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends_are_found_out(tmp_path, delimiter, end):
    assert read(written(tmp_path / "x.csv", delimiter=delimiter, end=end)) == ROWS


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", codecs.BOM_UTF8),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
        ("utf-32-le", codecs.BOM_UTF32_LE),
        ("cp1252", b""),
    ],
)
def test_encodings_are_found_out(tmp_path, encoding, mark):
    assert read(written(tmp_path / "x.csv", encoding=encoding, mark=mark)) == ROWS


def test_the_last_byte_counts_for_the_encoding(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(b"id,name\n" + b"1,plain\n" * 300_000 + "2,Café\n".encode("cp1252"))
    assert open_table(path).encoding == "cp1252"


def test_a_declared_encoding_is_believed(tmp_path):
    path = written(tmp_path / "x.csv", encoding="cp1250")
    path.write_bytes("id,name\n1,Łódź\n".encode("cp1250"))
    table = open_table(path, "cp1250")
    assert [record.cells for record in table.records()] == [["1", "Łódź"]]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\n\n", "names no columns"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(range(256)), "not a CSV"),
        ("id,name\n1,x\n".encode("utf-16-le"), "not a CSV"),
        (codecs.BOM_UTF16_LE + b"\x00\xd8\x00", "not a CSV"),
        (b"x" * 5_000_000, "no table"),
        (b"id,name,name\n", "more than one column named name"),
        (b",".join(b"c%d" % n for n in range(MAX_COLUMNS + 1)), "at most 200"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(tmp_path, content, words):
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(ImportRefused, match=words):
        open_table(path)


def test_rows_are_numbered_as_in_a_spreadsheet(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text('id,name\n1,"two\nlines"\n\n,\n2,x\n')
    records = list(open_table(path).records())
    assert [(record.number, record.cells[0]) for record in records] == [(2, "1"), (5, "2")]


def test_a_cell_beyond_all_measure_is_refused_with_its_row(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("id,name\n1,a\n2," + "x" * 200_000 + "\n")
    with pytest.raises(ImportRefused, match="Row 3"):
        list(open_table(path).records())


@given(st.binary(max_size=400))
def test_any_bytes_are_a_table_or_refused(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(content)
    try:
        list(open_table(path).records())
    except ImportRefused as refused:
        assert refused.messages  # noqa: PT017 - both ends are right


def test_a_file_is_never_held_in_memory(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(b"id,name\n" + (b"1," + b"x" * 900 + b"\n") * 20_000)
    tracemalloc.start()
    try:
        assert sum(1 for _record in open_table(path).records()) == 20_000
        assert tracemalloc.get_traced_memory()[1] < path.stat().st_size / 3
    finally:
        tracemalloc.stop()
