"""Archives of pictures: hostile ones are refused before a byte of them is unpacked."""

import io
import stat
import struct
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from catalog.imports import archive as archives
from catalog.imports.archive import EntryRefused, PictureArchive
from catalog.imports.problems import ImportRefused
from tests.catalog.imports.files import zip_bytes

pytestmark = pytest.mark.usefixtures("soon")
PICTURE = bytes(range(256)) * 8


@pytest.fixture
def opened(tmp_path):
    """Opens an archive of these bytes."""
    opened = []

    def open_archive(content):
        path = tmp_path / "images.zip"
        path.write_bytes(content)
        opened.append(PictureArchive(path))
        return opened[-1]

    yield open_archive
    for archive in opened:
        archive.__exit__()


def entry(name, **fields):
    """An archive with a picture and one entry of this name and these fields."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        target.writestr("1.jpg", PICTURE)
        info = zipfile.ZipInfo(name)
        for field, value in fields.items():
            setattr(info, field, value)
        target.writestr(info, b"target")
    return out.getvalue()


def overlapping(count):
    """An archive whose entries all lead to the same stored bytes: 25 KB that read as `count` megabytes."""
    zeros = bytes(1_000_000)
    data = zlib.compress(zeros, 9)[2:-4]
    sizes = zlib.crc32(zeros), len(data), len(zeros), 5
    body = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 0, *sizes, 0) + b"1.jpg" + data
    entry = struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 8, 0, 0, *sizes, 0, 0, 0, 0, 0, 0) + b"1.jpg"
    central = entry * count
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(central), len(body), 0)
    return body + central + end


def test_pictures_are_found_by_sku_whatever_folder_they_lie_in(opened):
    archive = opened(zip_bytes({"images/39386.jpg": PICTURE, "deep/er/59263.JPEG": PICTURE}))
    assert archive.of_sku("39386") == ("39386.jpg",)
    assert archive.of_sku("59263") == ("59263.jpeg",)
    assert archive.of_sku("1") == ()
    assert archive.read("39386.jpg") == PICTURE


def test_several_pictures_of_a_sku_come_in_the_order_of_their_numbers(opened):
    names = ["a_10.jpg", "a-2.png", "a.webp", "ab.jpg", "a-x.jpg"]
    archive = opened(zip_bytes(dict.fromkeys(names, PICTURE)))
    assert archive.of_sku("A") == ("a.webp", "a-2.png", "a_10.jpg")


def test_a_picture_named_exactly_as_a_sku_is_that_skus_alone(opened):
    archive = opened(zip_bytes(dict.fromkeys(["100.jpg", "100-1.jpg", "100-2.jpg"], PICTURE)))
    archive.divide(["100", "100-1"])
    assert archive.of_sku("100") == ("100.jpg", "100-2.jpg")
    assert archive.of_sku("100-1") == ("100-1.jpg",)


def test_a_name_may_come_with_folders(opened):
    archive = opened(zip_bytes({"photos/images/1.jpg": PICTURE}))
    for name in ("images/1.jpg", "./photos/images/1.JPG", "images\\1.jpg", "elsewhere/1.jpg", "1.jpg"):
        assert archive.find(name) == "1.jpg"
    assert archive.find("images/2.jpg") is None
    assert archive.find("") is None


def test_folders_tell_files_of_the_same_name_apart(opened):
    archive = opened(zip_bytes({"a/1.jpg": PICTURE, "b/1.jpg": b"other", "1.jpg": b"third"}))
    assert [archive.read(archive.find(name)) for name in ("a/1.jpg", "b/1.jpg", "1.jpg")] == [
        PICTURE,
        b"other",
        b"third",
    ]
    assert archive.find("c/1.jpg") is None
    assert archive.of_sku("1") == ("1.jpg",)
    assert [(name, "where no folder is named" in reason) for name, reason in archive.problems] == [
        ("b/1.jpg", True),
        ("1.jpg", True),
    ]


def test_a_folder_for_each_sku_says_whose_pictures_are_in_it(opened):
    names = ["p/100/2.jpg", "p/100/10.jpg", "p/200/2.jpg", "p/300/front.jpg", "p/other/2.jpg"]
    archive = opened(zip_bytes(dict.fromkeys(names, PICTURE)))
    archive.divide(["100", "200", "300", "2"])
    assert archive.of_sku("100") == ("2.jpg", "10.jpg")
    assert archive.of_sku("200") == ("p/200/2.jpg",)
    assert archive.of_sku("300") == ("front.jpg",)
    assert archive.of_sku("2") == ("p/other/2.jpg",)
    assert archive.problems == []


def test_a_folder_that_is_a_sku_by_chance_does_not_take_pictures_that_name_theirs(opened):
    archive = opened(zip_bytes(dict.fromkeys(["2011/39386.jpg", "2011/39386-1.jpg"], PICTURE)))
    archive.divide(["2011", "39386"])
    assert archive.of_sku("39386") == ("39386.jpg", "39386-1.jpg")
    assert archive.of_sku("2011") == ()


NAMES = ["1", "2", "1-1", "1_2", "2-1", "a", "a-1"]


@hypothesis_settings(max_examples=150, deadline=None)
@given(
    st.sets(st.sampled_from(NAMES)),
    st.sets(st.tuples(st.sampled_from(["images", "1", "2", "a"]), st.sampled_from(NAMES)), max_size=12),
)
def test_each_picture_is_of_one_sku_at_most_and_none_is_lost_that_names_its_own(
    tmp_path_factory, skus, files
):
    path = tmp_path_factory.getbasetemp() / "divided.zip"
    path.write_bytes(zip_bytes({f"{folder}/{stem}.jpg": PICTURE for folder, stem in sorted(files)}))
    with PictureArchive(path) as archive:
        archive.divide(skus)
        given_away = [key for sku in skus for key in archive.of_sku(sku)]
        assert len(given_away) == len(set(given_away))
        stems = [stem for _folder, stem in files]
        if len(stems) == len(set(stems)):
            assert all(f"{stem}.jpg" in archive.of_sku(stem) for stem in skus & set(stems))


def test_what_a_mac_adds_is_passed_over(opened):
    names = ["1.jpg", "__MACOSX/._1.jpg", "images/.DS_Store", "images/._1.jpg", "images/"]
    archive = opened(zip_bytes(dict.fromkeys(names, PICTURE)))
    assert len(archive) == 1
    assert archive.problems == []


@pytest.mark.parametrize(
    ("name", "fields", "reason"),
    [
        ("../2.jpg", {}, "leads out of the archive"),
        ("a/../../2.jpg", {}, "leads out of the archive"),
        ("/etc/2.jpg", {}, "not a plain one"),
        ("C:/2.jpg", {}, "not a plain one"),
        ("..\\2.jpg", {}, "not a plain one"),
        ("2.jpg", {"external_attr": (stat.S_IFLNK | 0o777) << 16}, "a link or a device"),
        ("2.jpg", {"external_attr": (stat.S_IFCHR | 0o666) << 16}, "a link or a device"),
        ("2.jpg", {"external_attr": (stat.S_IFBLK | 0o666) << 16}, "a link or a device"),
        ("2.jpg", {"external_attr": (stat.S_IFIFO | 0o666) << 16}, "a link or a device"),
        ("2.zip", {}, "Archives inside"),
        ("2.tar.gz", {}, "Archives inside"),
        ("2.svg", {}, "Only .jpg"),
        ("page.html", {}, "Only .jpg"),
        ("1.JPG", {}, "same path"),
        ("2.jpg", {"compress_type": zipfile.ZIP_LZMA}, "unusual way"),
    ],
)
def test_an_entry_that_is_no_plain_picture_is_left_out_and_listed(opened, name, fields, reason):
    archive = opened(entry(name, **fields))
    assert archive.of_sku("1") == ("1.jpg",)
    assert len(archive) == 1
    [(shown, sentence)] = archive.problems
    assert shown == name
    assert reason in sentence


@pytest.mark.parametrize("name", [b"2.jpg\0x", b"\0.jpgXx"])
def test_a_nul_in_a_name_is_left_out(opened, name):
    archive = opened(entry("2.jpgXx").replace(b"2.jpgXx", name))
    assert "not a plain one" in archive.problems[0][1]


def test_an_entry_without_a_name_is_left_out(opened):
    content = bytearray(entry("NAME").replace(b"NAME", struct.pack("<2H", 0xCAFE, 0)))  # an empty extra field
    for sizes in (content.index(b"PK\3\4") + 26, content.rindex(b"PK\1\2") + 28):
        struct.pack_into("<2H", content, sizes, 0, 4)
    archive = opened(bytes(content))
    assert [name for name, _reason in archive.problems] == [""]


@pytest.mark.usefixtures("at_once")
def test_an_encrypted_entry_is_left_out(opened):
    content = bytearray(entry("2.jpg"))
    content[content.rindex(b"PK\1\2") + 8] |= 1
    archive = opened(bytes(content))
    assert "encrypted" in archive.problems[0][1]


def test_names_that_do_not_say_they_are_utf8_are_read_as_that(opened):
    content = zip_bytes({"xxx.jpg": PICTURE}).replace(b"xxx.jpg", "é1.jpg".encode())
    assert opened(content).of_sku("É1") == ("é1.jpg",)


def test_an_archive_that_unpacks_to_more_than_a_worker_shall_read_is_refused(opened, monkeypatch):
    monkeypatch.setattr(archives, "MAX_TOTAL_BYTES", 2 * len(PICTURE))
    assert len(opened(zip_bytes({"1.jpg": PICTURE, "2.jpg": PICTURE}))) == 2
    with pytest.raises(ImportRefused, match="at most 0 GB are read"):
        opened(zip_bytes({"1.jpg": PICTURE, "2.jpg": PICTURE, "3.jpg": PICTURE}))


@pytest.mark.parametrize("count", [2, 300])
def test_entries_that_lie_over_each_other_are_refused(opened, count):
    with pytest.raises(ImportRefused, match="over each other"):
        opened(overlapping(count))


def test_an_entry_is_no_longer_read_once_it_expands_a_hundredfold(opened):
    archive = opened(zip_bytes({"1.jpg": bytes(11_000_000)}, compression=zipfile.ZIP_DEFLATED))
    with pytest.raises(EntryRefused, match="more than a hundredfold"):
        archive.read("1.jpg")


def test_an_entry_is_no_longer_read_beyond_the_limit_whatever_it_declares(opened, settings):
    settings.IMAGE_MAX_BYTES = 100_000
    content = zip_bytes({"1.jpg": PICTURE * 100})
    lying = content.replace(struct.pack("<L", len(PICTURE) * 100), struct.pack("<L", 10))
    with pytest.raises((EntryRefused, ImportRefused)):
        opened(lying).read("1.jpg")
    with pytest.raises(EntryRefused, match="larger than"):
        opened(content).read("1.jpg")


def test_a_damaged_entry_is_refused(opened):
    content = zip_bytes({"1.jpg": PICTURE})
    with pytest.raises(EntryRefused, match="damaged inside the archive"):
        opened(content.replace(PICTURE[:8], b"12345678", 1)).read("1.jpg")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not a ZIP"),
        (b"PK\3\4" + bytes(100), "not a ZIP"),
        (b"MZ" + zip_bytes({"1.jpg": PICTURE}), "damaged"),
        (zip_bytes({"1.jpg": PICTURE}) + b"more", "damaged"),
        (zip_bytes({"1.jpg": PICTURE})[:-30] + zip_bytes({})[-22:], "damaged"),
    ],
)
def test_what_is_no_whole_archive_is_refused(opened, content, words):
    with pytest.raises(ImportRefused, match=words):
        opened(content)


@pytest.mark.parametrize(
    ("entries", "size"), [(65_534, archives.MAX_DIRECTORY_BYTES + 1), (0, archives.MAX_DIRECTORY_BYTES + 1)]
)
def test_a_directory_beyond_all_measure_is_refused_before_it_is_read(opened, entries, size):
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, entries, entries, size, 0, 0)
    with pytest.raises(ImportRefused, match="more than 100000 files"):
        opened(end)


@pytest.mark.usefixtures("at_once")
def test_a_zip64_directory_must_lie_where_it_says(opened):
    whole = zip_bytes({"1.jpg": PICTURE})
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, 5, 1)
    with pytest.raises(ImportRefused, match="damaged"):
        opened(whole[:-22] + locator + end)


def test_a_true_zip64_archive_is_read(opened, monkeypatch):
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 1)
    content = zip_bytes({"1.jpg": PICTURE, "2.jpg": PICTURE})
    assert b"PK\6\6" in content
    assert len(opened(content)) == 2


def test_a_thousand_hostile_entries_are_refused_at_once(opened):
    with pytest.raises(ImportRefused):
        opened(overlapping(60_000))


WHOLE = zip_bytes({"1.jpg": PICTURE, "images/2.jpg": PICTURE}, compression=zipfile.ZIP_DEFLATED)


@hypothesis_settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=6))
def test_mutilated_archives_are_read_or_refused_and_nothing_else(tmp_path_factory, changes):
    content = bytearray(WHOLE)
    for at, value in changes:
        content[at] = value
    path = tmp_path_factory.getbasetemp() / "mutilated.zip"
    path.write_bytes(bytes(content))
    try:
        with PictureArchive(path) as archive:
            for sku in ("1", "2"):
                for key in archive.of_sku(sku):
                    assert archive.read(key) == PICTURE
    except ImportRefused as refused:
        assert refused.messages  # noqa: PT017 - both ends are right
