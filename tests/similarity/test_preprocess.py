"""Pictures on their way into the network."""

import io

import numpy as np
import pytest
from PIL import Image

from catalog.images import ImageRefused
from similarity.preprocess import border_colour, letterbox, load_rgb, looks, network_input

HEIGHT, WIDTH = 80, 60


def as_file(picture: Image.Image, format: str = "PNG", **options) -> io.BytesIO:
    out = io.BytesIO()
    picture.save(out, format, **options)
    out.seek(0)
    return out


def half_and_half(size: tuple[int, int]) -> Image.Image:
    """Left half red, right half blue."""
    picture = Image.new("RGB", size, "red")
    picture.paste("blue", (size[0] // 2, 0, size[0], size[1]))
    return picture


def test_the_input_has_the_size_of_the_weights_in_rgb():
    pixels = network_input(as_file(half_and_half((600, 800))), HEIGHT, WIDTH)
    assert (pixels.shape, pixels.dtype) == ((80, 60, 3), np.uint8)
    assert pixels[40, 10].tolist() == [255, 0, 0]
    assert pixels[40, 50].tolist() == [0, 0, 255]


def test_a_picture_of_the_right_size_is_left_as_it_is():
    picture = Image.effect_noise((WIDTH, HEIGHT), 80).convert("RGB")
    assert np.array_equal(letterbox(picture, HEIGHT, WIDTH), np.asarray(picture))


def test_a_photo_is_looked_at_as_a_whole_and_in_its_middle():
    photo = Image.new("RGB", (600, 800), "red")
    photo.paste("blue", (40, 55, 560, 745))  # within a border of a fifteenth
    whole, middle = looks(photo, HEIGHT, WIDTH)
    assert whole.shape == middle.shape == (80, 60, 3)
    assert whole[0, 0].tolist() == [255, 0, 0]
    assert middle[0, 0].tolist() == middle[79, 59].tolist() == [0, 0, 255]


@pytest.mark.parametrize("size", [(1, 1), (1, 20), (3, 2)])
def test_the_smallest_photo_has_a_middle(size: tuple[int, int]):
    assert looks(Image.new("RGB", size), HEIGHT, WIDTH).shape == (2, 80, 60, 3)


def test_the_aspect_is_kept_and_the_rest_filled_with_the_border_colour():
    picture = Image.new("RGB", (200, 100), (10, 200, 30))
    picture.paste("white", (50, 25, 150, 75))
    pixels = letterbox(picture, HEIGHT, WIDTH)
    # 60 × 30 pixels of picture stand in the middle of the 80 rows.
    assert (pixels[:25] == (10, 200, 30)).all()
    assert (pixels[55:] == (10, 200, 30)).all()
    assert pixels[40, 30].tolist() == [255, 255, 255]


def test_the_border_colour_is_the_median_of_the_outermost_pixels():
    pixels = np.full((9, 9, 3), 250, np.uint8)
    pixels[0, :3] = 0
    assert border_colour(pixels) == (250, 250, 250)


def test_transparency_becomes_white():
    picture = Image.new("RGBA", (WIDTH, HEIGHT), (255, 0, 0, 0))
    assert (network_input(as_file(picture), HEIGHT, WIDTH) == 255).all()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_turn_of_exif_is_applied(orientation: int):
    upright = half_and_half((WIDTH, HEIGHT))
    undo = {
        2: [Image.Transpose.FLIP_LEFT_RIGHT],
        3: [Image.Transpose.ROTATE_180],
        4: [Image.Transpose.FLIP_TOP_BOTTOM],
        5: [Image.Transpose.TRANSPOSE],
        6: [Image.Transpose.ROTATE_90],
        7: [Image.Transpose.TRANSVERSE],
        8: [Image.Transpose.ROTATE_270],
    }
    turned = upright
    for step in undo.get(orientation, []):
        turned = turned.transpose(step)
    exif = Image.Exif()
    exif[0x0112] = orientation
    pixels = network_input(as_file(turned, exif=exif), HEIGHT, WIDTH)
    assert np.array_equal(pixels, np.asarray(upright))


def test_a_large_jpeg_is_decoded_small():
    photo = as_file(half_and_half((3000, 4000)), "JPEG")
    picture = load_rgb(photo, HEIGHT, WIDTH)
    # Reduced by Pillow's `draft` to an eighth, the smallest a JPEG decoder gives.
    assert picture.size == (375, 500)


def test_a_very_flat_picture_still_has_a_pixel():
    assert letterbox(Image.new("RGB", (4000, 10)), HEIGHT, WIDTH).shape == (80, 60, 3)


def test_a_damaged_file_is_refused():
    whole = as_file(Image.effect_noise((300, 400), 80).convert("RGB"), "JPEG").getvalue()
    with pytest.raises(ImageRefused):
        network_input(io.BytesIO(whole[: len(whole) // 2]), HEIGHT, WIDTH)
