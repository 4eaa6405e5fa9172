"""The piece of a photo that is meant, and the small picture in the browser's hands."""

import io

import pytest
from django.core import signing
from PIL import Image

from similarity import piece
from similarity.piece import WHOLE, Box


class TestBox:
    def test_without_fields_it_is_the_whole_photo(self) -> None:
        assert Box.read({}) == WHOLE

    def test_it_is_read_from_a_form(self) -> None:
        fields = {"left": "0.1", "top": "0.2", "width": "0.5", "height": "0.25"}
        assert Box.read(fields) == Box(0.1, 0.2, 0.5, 0.25)

    def test_a_comma_is_a_decimal_point(self) -> None:
        assert Box.read({"left": "0,25"}).left == 0.25

    @pytest.mark.parametrize("text", ["", "abc", "nan", "inf", "-inf", "\0", "1e999"])
    def test_what_is_no_number_is_as_if_untouched(self, text: str) -> None:
        assert Box.read(dict.fromkeys(piece.FIELDS, text)) == WHOLE

    @pytest.mark.parametrize(
        ("fields", "box"),
        [
            ({"left": "0.6", "width": "0.9"}, Box(0.6, 0, 0.4, 1)),
            ({"left": "-3", "top": "9"}, Box(0, 0.95, 1, 0.05)),
            ({"width": "0", "height": "-1"}, Box(0, 0, 0.05, 0.05)),
        ],
    )
    def test_it_never_leaves_the_picture(self, fields: dict[str, str], box: Box) -> None:
        assert Box.read(fields) == box

    def test_it_cuts_out_that_part(self) -> None:
        picture = Image.new("RGB", (200, 100), "white")
        picture.paste("red", (100, 50, 200, 100))
        cut = Box(0.5, 0.5, 0.5, 0.5).cut(picture)
        assert cut.size == (100, 50)
        assert cut.getcolors() == [(5000, (255, 0, 0))]

    def test_of_a_tiny_picture_a_pixel_is_left(self) -> None:
        assert Box(0.95, 0.95, 0.05, 0.05).cut(Image.new("RGB", (10, 10))).size == (1, 1)


class TestSmallPicture:
    def test_it_is_no_larger_than_the_network_needs(self) -> None:
        content = piece.small(Image.new("RGB", (3000, 1500), "teal"))
        assert Image.open(io.BytesIO(content)).size == (512, 256)

    def test_its_token_brings_it_back(self) -> None:
        assert piece.unsign(piece.sign("abc", b"pixels")) == ("abc", b"pixels")

    def test_a_forged_token_is_not_taken(self) -> None:
        assert piece.unsign(piece.sign("abc", b"pixels")[:-2] + "xx") is None

    def test_the_token_of_a_result_is_not_taken(self) -> None:
        assert piece.unsign(signing.dumps(["abc"], salt="similarity.photo")) is None

    def test_an_old_token_is_not_taken(self, monkeypatch: pytest.MonkeyPatch) -> None:
        token = piece.sign("abc", b"pixels")
        monkeypatch.setattr(piece, "MAX_AGE_S", -1)
        assert piece.unsign(token) is None
