"""What goes well with a product."""

import pytest

from similarity import complements, style
from similarity.models import EmbeddingModel, Group
from tests.factories import make_category, make_embedding, make_image, make_product
from tests.pages import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf():
    """Put a product on the shelf of its group, its style given by `values`."""
    shelves = {name: make_category(name) for name in ("Topwear", "Bottomwear", "Dresses", "Footwear")}
    shelves |= {name: make_category(name) for name in ("Bags", "Watches", "Accessories", "Innerwear")}

    def put(shelf: str, *values: float, **fields):
        product = make_product(category=shelves[shelf], **fields)
        make_embedding(make_image(product), *values or (1,))
        return product

    return put


def going_with(product) -> list:
    style.refresh(EmbeddingModel.active())
    return [complement.product for complement in complements.of_product(product)]


def test_there_is_one_of_each_other_group_up_to_four(shelf):
    shirt = shelf("Topwear")
    for name in ("Topwear", "Bottomwear", "Bottomwear", "Footwear", "Bags", "Watches", "Accessories"):
        shelf(name)
    style.refresh(EmbeddingModel.active())
    groups = [complement.group for complement in complements.of_product(shirt)]
    assert groups == [Group.BOTTOM, Group.FOOTWEAR, Group.BAG, Group.WATCH]


def test_a_group_without_any_is_left_out(shelf):
    shirt, belt = shelf("Topwear"), shelf("Accessories")
    assert going_with(shirt) == [belt]


def test_the_nearest_style_is_chosen(shelf):
    shirt = shelf("Topwear", 1, 0)
    shelf("Bottomwear", 0, 1)
    near = shelf("Bottomwear", 1, 0.1)
    shelf("Bottomwear", 1, 1)
    assert going_with(shirt) == [near]


def test_what_a_category_has_in_common_does_not_count(shelf, monkeypatch):
    monkeypatch.setattr(style, "MEMBERS_MIN", 2)
    plain_shirt, striped_shirt = shelf("Topwear", 1, 0, -0.3), shelf("Topwear", 1, 0, 0.3)
    plain_jeans, striped_jeans = shelf("Bottomwear", 0, 1, -0.3), shelf("Bottomwear", 0.4, 1, 0.3)
    assert going_with(striped_shirt) == [striped_jeans]
    assert going_with(plain_shirt) == [plain_jeans]


def test_a_dress_leaves_no_place_for_top_and_bottom(shelf):
    dress = shelf("Dresses")
    shelf("Topwear")
    shelf("Bottomwear")
    heels = shelf("Footwear")
    assert going_with(dress) == [heels]


def test_a_dress_that_fits_better_stands_in_for_top_and_bottom(shelf):
    heels = shelf("Footwear", 1, 0)
    shelf("Topwear", 1, 0.2)
    shelf("Bottomwear", 1, 0.3)
    dress, clutch = shelf("Dresses", 1, 0.1), shelf("Bags")
    assert going_with(heels) == [dress, clutch]


@pytest.mark.parametrize("style_of_the_top", [(1, 0.1), (1, 0.4)])
def test_a_dress_that_fits_worse_than_one_of_the_two_is_not_shown(shelf, style_of_the_top):
    heels = shelf("Footwear", 1, 0)
    shelf("Dresses", 1, 0.3)
    top, skirt = shelf("Topwear", *style_of_the_top), shelf("Bottomwear", 1, 0.2)
    assert going_with(heels) == [top, skirt]


def test_where_there_is_neither_top_nor_bottom_any_dress_does(shelf):
    heels, dress = shelf("Footwear", 1, 0), shelf("Dresses", 0, 1)
    assert going_with(heels) == [dress]


def test_a_dress_is_not_shown_to_who_would_not_wear_it(shelf):
    backpack = shelf("Bags", gender="Unisex")
    brogues = shelf("Footwear", gender="Men")
    shelf("Dresses", gender="Women")
    shirt = shelf("Topwear", 1, 1, gender="Men")
    assert going_with(backpack) == [brogues, shirt]


def test_it_is_for_the_same_wearer(shelf):
    shirt = shelf("Topwear", gender="Men")
    shelf("Bottomwear", gender="Women")
    shoes = shelf("Footwear", 1, 1, gender="Men")
    backpack = shelf("Bags", gender="Unisex")
    assert going_with(shirt) == [shoes, backpack]


def test_with_a_product_for_anyone_all_are_for_one_wearer(shelf):
    backpack = shelf("Bags", gender="Unisex")
    heels = shelf("Footwear", gender="Women")
    shelf("Topwear", 1, 0, gender="Men")
    blouse = shelf("Topwear", 1, 1, gender="Women")
    assert going_with(backpack) == [heels, blouse]


def test_it_is_for_the_same_occasion(shelf):
    shirt = shelf("Topwear", usage="Formal")
    shelf("Footwear", usage="Sports")
    brogues = shelf("Footwear", 1, 1, usage="Formal")
    satchel = shelf("Bags", usage="")
    assert going_with(shirt) == [brogues, satchel]


def test_a_little_less_alike_but_of_the_same_colours_goes_better(shelf):
    shirt = shelf("Topwear", 1, 0, base_colour="Navy Blue")
    shelf("Footwear", 1, 0.1, base_colour="Orange")
    blue = shelf("Footwear", 1, 0.2, base_colour="Light Blue")
    shelf("Footwear", 1, 0.2, base_colour="Black")
    assert going_with(shirt) == [blue]


def test_neutral_colours_go_with_everything(shelf):
    shirt = shelf("Topwear", 1, 0, base_colour="Navy Blue")
    shelf("Footwear", 1, 0.1, base_colour="Orange")
    black = shelf("Footwear", 1, 0.2, base_colour="Black")
    assert going_with(shirt) == [black]


def test_the_season_counts(shelf):
    coat = shelf("Topwear", 1, 0, season="Winter")
    shelf("Footwear", 1, 0.1, season="Summer")
    boots = shelf("Footwear", 1, 0.3, season="Winter")
    assert going_with(coat) == [boots]


@pytest.mark.parametrize("fields", [{"stock": 0}, {"is_active": False}])
def test_what_cannot_be_bought_is_never_shown(shelf, fields):
    shirt = shelf("Topwear")
    shelf("Bottomwear", **fields)
    assert going_with(shirt) == []


def test_a_product_of_no_group_has_none(shelf):
    briefs = shelf("Innerwear")
    shelf("Topwear")
    assert going_with(briefs) == []


def test_before_a_picture_is_embedded_there_are_none(shelf):
    shelf("Footwear")
    assert going_with(make_product(category=make_category("Shirts", parent=make_category("Tops")))) == []


def test_vectors_of_another_model_do_not_meet(shelf):
    shirt = shelf("Topwear")
    trousers = shelf("Bottomwear")
    assert going_with(shirt) == [trousers]
    EmbeddingModel.objects.update(is_active=False)
    EmbeddingModel.objects.create(backbone=EmbeddingModel.objects.get().backbone, is_active=True)
    assert complements.of_product(shirt) == []


class TestOnThePage:
    def test_their_place_is_apart_from_the_look_alikes(self, client, shelf):
        shirt = shelf("Topwear")
        shelf("Bottomwear")
        style.refresh(EmbeddingModel.active())
        words = text(client.get(shirt.get_absolute_url()))
        assert words.index("Looks similar") < words.index("Goes well with")

    def test_it_is_known_without_looking_for_them(self, client, shelf, monkeypatch):
        shirt = shelf("Topwear")
        style.refresh(EmbeddingModel.active())
        monkeypatch.setattr(complements, "of_product", None)
        assert "Goes well with" in text(client.get(shirt.get_absolute_url()))

    def test_what_goes_with_nothing_has_none(self, client, shelf):
        slip = shelf("Innerwear")
        style.refresh(EmbeddingModel.active())
        assert "Goes well with" not in text(client.get(slip.get_absolute_url()))

    def test_before_it_is_embedded_there_is_none(self, client, shelf):
        assert "Goes well with" not in text(client.get(shelf("Topwear").get_absolute_url()))

    def test_a_category_without_a_group_has_the_one_of_the_next_above(self, client, shelf):
        shirt = shelf("Topwear")
        shirt.category = make_category("Shirts", parent=shirt.category)
        shirt.save()
        style.refresh(EmbeddingModel.active())
        assert "Goes well with" in text(client.get(shirt.get_absolute_url()))


class TestTheirPage:
    @pytest.fixture
    def address(self, shelf):
        shirt = shelf("Topwear", name="Striped Shirt", slug="shirt")
        shelf("Bottomwear", name="Wide Trousers")
        style.refresh(EmbeddingModel.active())
        return f"/search/goes-well/{shirt.slug}/"

    def test_it_shows_them(self, client, address):
        words = text(client.get(address))
        assert "Goes well with Striped Shirt" in words
        assert "Wide Trousers" in words

    def test_for_the_products_page_it_is_their_cards_alone(self, client, address):
        answer = client.get(address, headers={"HX-Request": "true"})
        assert answer.content.decode().strip().startswith("<ul")
        assert "Wide Trousers" in text(answer)
        assert "HX-Request" in answer.headers["Vary"]

    def test_it_costs_the_same_queries_however_many_there_are(
        self, client, address, shelf, django_assert_num_queries
    ):
        for name in ("Bottomwear", "Footwear", "Bags", "Watches") * 3:
            shelf(name)
        style.refresh(EmbeddingModel.active())
        client.get(address)
        with django_assert_num_queries(9):
            client.get(address)

    def test_it_says_when_there_are_none(self, client, shelf):
        shirt = shelf("Topwear")
        words = text(client.get(f"/search/goes-well/{shirt.slug}/"))
        assert "Nothing in the shop goes well with it just now." in words

    def test_of_a_product_that_is_not_shown_there_is_none(self, client, shelf):
        shirt = shelf("Topwear", is_active=False)
        assert client.get(f"/search/goes-well/{shirt.slug}/").status_code == 404


class TestInTheApi:
    def test_each_comes_with_its_group(self, client, shelf):
        shirt = shelf("Topwear")
        shoes = shelf("Footwear")
        style.refresh(EmbeddingModel.active())
        (found,) = client.get(f"/api/products/{shirt.slug}/complements/").json()["results"]
        assert (found["slug"], found["group"]) == (shoes.slug, "footwear")

    def test_a_hidden_product_has_none(self, client, shelf):
        assert (
            client.get(f"/api/products/{shelf('Topwear', is_active=False).slug}/complements/").status_code
            == 404
        )
