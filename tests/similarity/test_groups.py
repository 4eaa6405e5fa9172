"""Product groups: a table over the category tree."""

import pytest
from django.urls import reverse

from similarity.groups import Groups
from similarity.models import CategoryGroup, Group
from tests.factories import make_category, make_user

pytestmark = pytest.mark.django_db


def group_of(category) -> Group:
    return Groups().of(category.pk)


@pytest.mark.parametrize(
    ("path", "group"),
    [
        (["Apparel", "Topwear", "Shirts"], Group.TOP),
        (["Apparel", "Outerwear", "Coats"], Group.TOP),
        (["Apparel", "Bottomwear", "Jeans"], Group.BOTTOM),
        (["Apparel", "Dresses"], Group.DRESS),
        (["Apparel", "Topwear", "Belts"], Group.ACCESSORY),
        (["Footwear", "Shoes", "Heels"], Group.FOOTWEAR),
        (["Accessories", "Bags", "Handbags"], Group.BAG),
        (["Accessories", "Watches"], Group.WATCH),
        (["Accessories", "Jewellery", "Ring"], Group.ACCESSORY),
        (["Apparel", "Innerwear", "Briefs"], Group.NONE),
        (["Personal Care", "Lips", "Lipstick"], Group.NONE),
        (["Garden", "Gnomes"], Group.NONE),
    ],
)
def test_new_categories_belong_where_their_names_say(path, group):
    category = None
    for name in path:
        category = make_category(name, parent=category)
    assert group_of(category) == group


def test_a_row_of_its_own_counts_more_than_the_one_above():
    shawls = make_category("Shawls", parent=make_category("Topwear"))
    assert group_of(shawls) == Group.TOP
    CategoryGroup.objects.create(category=shawls, group=Group.ACCESSORY)
    assert group_of(shawls) == Group.ACCESSORY


def test_a_changed_row_stays_when_its_category_is_saved():
    category = make_category("Topwear")
    CategoryGroup.objects.filter(category=category).update(group=Group.DRESS)
    category.name = "Outerwear"
    category.save()
    assert group_of(category) == Group.DRESS


def test_the_groups_name_their_categories():
    top = make_category("Topwear")
    shirts = make_category("Shirts", parent=top)
    make_category("Footwear")
    assert set(Groups().categories(Group.TOP)) == {top.pk, shirts.pk}


class TestInTheAdmin:
    def change(self, client, category) -> int:
        address = reverse("admin:similarity_categorygroup_change", args=[category.product_group.pk])
        return client.post(address, {"category": category.pk, "group": "dress"}).status_code

    def test_a_merchandiser_changes_a_row(self, client):
        category = make_category("Topwear")
        client.force_login(make_user("merchandiser"))
        assert self.change(client, category) == 302
        assert group_of(category) == Group.DRESS

    def test_a_viewer_may_only_look(self, client):
        category = make_category("Topwear")
        client.force_login(make_user("viewer"))
        assert client.get(reverse("admin:similarity_categorygroup_changelist")).status_code == 200
        assert self.change(client, category) == 403
        assert group_of(category) == Group.TOP
