"""The door for pixels: what it takes comes out right, what it refuses it refuses in a sentence."""

import io
import struct
import subprocess
import sys
import zlib
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from catalog.images import ImageRefused, clean, clean_upload, open_picture, to_rgb, upright_rgb
from tests.catalog import corpus
from tests.factories import picture_bytes, upload

ENCODINGS = corpus.encodings()
REFUSED = {name: (source, words) for name, source, words in corpus.refused()}
ACCEPTED = dict(corpus.accepted())
OVERLOADED = [
    "60 MB of application data",
    "8 MB of application data",
    "a hundred thousand segments",
    "a million chunks",
]
COLOURLESS = {name for name in ENCODINGS if "grey" in name or "black" in name}


def shown(content: bytes) -> np.ndarray:
    picture = Image.open(io.BytesIO(content))
    assert picture.format == "JPEG"
    assert picture.mode == "RGB"
    return np.asarray(picture).astype(int)


def difference(content: bytes, expected: Image.Image) -> float:
    """Mean difference per channel, of 255."""
    return float(np.abs(shown(content) - np.asarray(expected.convert("RGB")).astype(int)).mean())


def sentence(error: ImageRefused) -> str:
    return " ".join(error.messages)


@pytest.mark.parametrize("name", ENCODINGS)
def test_the_same_shirt_looks_the_same_however_it_is_stored(name):
    expected = corpus.shirt()
    if name in COLOURLESS:
        expected = (
            expected.convert("1", dither=Image.Dither.NONE) if "black" in name else expected.convert("L")
        )
    assert difference(clean(io.BytesIO(ENCODINGS[name])).content, expected) < 2.5


@pytest.mark.parametrize("name", ACCEPTED)
def test_unusual_files_are_taken_and_shown_right(name):
    taken = clean(io.BytesIO(ACCEPTED[name]))
    assert difference(taken.content, corpus.shirt()) < 2.5


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize("name", ["broken EXIF", *(name for name in ACCEPTED if "entries" in name)])
def test_what_is_wrong_with_exif_data_is_not_told_entry_by_entry(name, recwarn):
    clean(io.BytesIO(ACCEPTED[name]))
    assert not recwarn.list


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize("name", REFUSED)
def test_hostile_files_are_refused_fast_and_in_a_sentence(name):
    source, words = REFUSED[name]
    with pytest.raises(ImageRefused) as refused:
        clean(io.BytesIO(source))
    text = sentence(refused.value)
    assert words in text
    assert text[0].isupper()
    assert text.endswith(".")


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("name", OVERLOADED)
def test_of_what_is_said_about_a_picture_too_much_is_refused_at_once(name):
    with pytest.raises(ImageRefused, match=r"metadata|too many parts|larger than 12 MB"):
        clean(io.BytesIO(REFUSED[name][0]))


@pytest.mark.parametrize("tenth", range(10))
@pytest.mark.parametrize("name", ["JPEG", "PNG", "WebP"])
def test_a_flipped_bit_ends_in_a_picture_or_in_a_sentence(name, tenth):
    source = bytearray(ENCODINGS[name])
    source[len(source) * tenth // 10] ^= 0b100
    try:
        taken = clean(io.BytesIO(bytes(source)))
    except ImageRefused:
        return
    assert Image.open(io.BytesIO(taken.content)).size == (taken.width, taken.height)


def test_the_corpus_is_large_enough():
    assert len(REFUSED) + len(ACCEPTED) + len(ENCODINGS) >= 60


@pytest.mark.parametrize("orientation", corpus.TURNS)
def test_pictures_are_turned_upright(orientation):
    taken = clean(io.BytesIO(corpus.turned(orientation)))
    assert (taken.width, taken.height) == corpus.shirt().size
    assert difference(taken.content, corpus.shirt()) < 2.5


def test_a_picture_is_turned_only_once():
    upright = to_rgb(open_picture(io.BytesIO(corpus.turned(6))))
    assert upright.size == corpus.shirt().size
    assert not upright.getexif()
    assert not upright.info


@pytest.mark.parametrize("name", ["EXIF with GPS", "XMP", "a comment with a script", "a PNG with text"])
def test_nothing_but_pixels_is_kept(name):
    content = clean(io.BytesIO(ACCEPTED[name])).content
    picture = Image.open(io.BytesIO(content))
    assert not picture.getexif()
    assert picture.info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    for trace in (corpus.GPS, b"GPS", b"script", b"Location"):
        assert trace not in content


@pytest.mark.parametrize("name", ["a web page behind the picture", "a ZIP behind the picture"])
def test_what_hangs_on_a_picture_is_cut_off(name):
    content = clean(io.BytesIO(ACCEPTED[name])).content
    assert content.endswith(b"\xff\xd9")
    assert b"script" not in content
    assert b"PK" not in content


def test_a_wide_colour_profile_is_shown_as_srgb():
    # In this profile, red and blue are swapped: whoever ignores it shows the wrong colour.
    swapped = _swapped_profile()
    source = corpus.saved(corpus.shirt(), "PNG", icc_profile=swapped)
    middle = shown(clean(io.BytesIO(source)).content)[70, 60]
    assert middle[2] > middle[0]


def _swapped_profile() -> bytes:
    """The sRGB profile with the tags of red and blue exchanged."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    exchanged = profile.replace(b"rXYZ", b"tmp!").replace(b"bXYZ", b"rXYZ").replace(b"tmp!", b"bXYZ")
    return exchanged.replace("sRGB".encode("utf-16-be"), "swap".encode("utf-16-be")).replace(b"sRGB", b"swap")


def test_the_same_bytes_give_the_same_file():
    source = ENCODINGS["PNG, transparent ground"]
    assert clean(io.BytesIO(source)) == clean(io.BytesIO(source))


@pytest.mark.parametrize(("depth", "colour"), [(1, 0), (8, 0), (16, 0), (8, 2), (16, 2), (8, 4), (8, 6)])
@pytest.mark.parametrize("before", [0, 2, 3])
def test_a_transparent_colour_of_an_earlier_header_is_no_error(before: int, depth: int, colour: int) -> None:
    """Found by `tests.soak.door`: Pillow takes a second header, but keeps the colour of the first."""
    samples = {0: 1, 2: 3, 4: 2, 6: 4}[colour]
    row = b"\0" + bytes([128] * (40 * samples * depth // 8))
    earlier = [corpus.png_chunk(b"IHDR", struct.pack(">2L5B", 40, 40, 8, before, 0, 0, 0))]
    earlier += [corpus.png_chunk(b"PLTE", bytes(range(255)))] if before == 3 else []
    earlier += [corpus.png_chunk(b"tRNS", bytes([0, 255] * (3 if before else 1)))]
    source = corpus.png(40, 40, zlib.compress(row * 40), depth=depth, colour=colour)
    with suppress(ImageRefused):
        assert clean(io.BytesIO(source[:8] + b"".join(earlier) + source[8:])).width == 40


def test_large_pictures_are_stored_smaller():
    taken = clean(io.BytesIO(picture_bytes("red", (4000, 1000))))
    assert (taken.width, taken.height) == (2048, 512)


def test_a_large_picture_is_decoded_no_larger_than_needed():
    source = corpus.saved(corpus.shirt().resize((2400, 3200)), "PNG")
    picture = upright_rgb(open_picture(io.BytesIO(source)), 160)
    assert picture.size == (120, 160)
    assert np.abs(np.asarray(picture).astype(int) - np.asarray(corpus.shirt()).astype(int)).mean() < 2.5


def test_the_smallest_picture_has_ten_pixels_a_side():
    assert clean(io.BytesIO(picture_bytes("red", (10, 10)))).width == 10
    with pytest.raises(ImageRefused, match="each side"):
        clean(io.BytesIO(picture_bytes("red", (10, 9))))


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak is read from Linux")
def test_the_largest_pictures_take_less_than_300_mb():
    most = subprocess.run([sys.executable, "-c", DECODE_LARGEST], capture_output=True, text=True, check=True)
    assert int(most.stdout) < 300_000


DECODE_LARGEST = """
import io, os, pathlib
os.environ["DJANGO_SETTINGS_MODULE"] = "shop.settings"
import django
django.setup()
from catalog.images import clean
from tests.catalog.corpus import png, zeros
clean(io.BytesIO(png(7000, 5700, zeros(5700 * 28_001), colour=6)))
# Not `ru_maxrss`: that begins with the size of the process that has started this one.
print(pathlib.Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])
"""


def test_what_is_refused_meets_no_decoder_but_the_three_that_are_wanted(tmp_path):
    for number, (source, _words) in enumerate(REFUSED.values()):
        (tmp_path / f"{number}.jpg").write_bytes(source[:1_000_000])
    refused = subprocess.run(
        [sys.executable, "-c", REFUSE, tmp_path], capture_output=True, text=True, check=True
    )
    assert set(refused.stdout.split()) == {"Jpeg", "Png", "WebP", *LOADED_BY_PILLOW}


# Whatever it is asked for, it loads these three and their like first; `formats` keeps them from every file.
LOADED_BY_PILLOW = {"Bmp", "Gif", "Ppm"}
REFUSE = """
import contextlib, os, pathlib, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "shop.settings"
import django
django.setup()
from catalog.images import ImageRefused, clean
for path in pathlib.Path(sys.argv[1]).iterdir():
    with contextlib.suppress(ImageRefused), path.open("rb") as file:
        clean(file)
        sys.exit(f"{path} was taken")
plugins = [name for name in sys.modules if name.startswith("PIL.") and name.endswith("ImagePlugin")]
print(*(name.removeprefix("PIL.").removesuffix("ImagePlugin") for name in plugins))
"""


def test_files_beyond_the_limit_are_not_read_further(settings):
    settings.IMAGE_MAX_BYTES = 10_000
    endless = io.BytesIO(bytes(1_000_000))
    with pytest.raises(ImageRefused, match="larger than") as refused:
        clean(endless)
    assert refused.value.code == "bytes"
    assert endless.tell() == 10_001


def test_the_content_decides_not_the_name():
    taken = clean_upload(upload(picture_bytes(format="PNG"), "shirt.jpg"))
    assert taken.content.startswith(b"\xff\xd8")


def test_the_error_of_an_upload_names_file_and_reason():
    with pytest.raises(ImageRefused) as refused:
        clean_upload(upload(b"%PDF-1.7", "shirt.jpg"))
    reason = "The file is a PDF; save the picture as JPEG, PNG or WebP and try again."
    assert refused.value.messages == [f"shirt.jpg: {reason}"]


@given(st.binary(max_size=300))
def test_random_bytes_are_refused(source):
    with pytest.raises(ImageRefused):
        clean(io.BytesIO(source))


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(sorted(ENCODINGS)),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=8),
    st.floats(0.3, 1),
)
def test_mutilated_files_are_taken_or_refused_and_nothing_else(name, changes, kept):
    source = bytearray(ENCODINGS[name])
    for place, value in changes:
        source[int(place * len(source))] = value
    try:
        taken = clean(io.BytesIO(bytes(source[: int(kept * len(source))])))
    except ImageRefused:
        pass
    else:
        assert Image.open(io.BytesIO(taken.content)).size == (taken.width, taken.height)
