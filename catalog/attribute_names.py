"""What attribute values and categories are called in the shopper's language.

They are data: a merchant may use any. Those listed here are translated (see `locale/`), all others are
shown as they are.
"""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _


def named(value: object) -> str:
    """The value in the active language, or as it is."""
    text = str(value)
    return gettext(text) if text else ""


COLOURS = [
    _("Beige"), _("Black"), _("Blue"), _("Bronze"), _("Brown"), _("Burgundy"), _("Charcoal"),
    _("Coffee Brown"), _("Copper"), _("Cream"), _("Fluorescent Green"), _("Gold"), _("Green"), _("Grey"),
    _("Grey Melange"), _("Khaki"), _("Lavender"), _("Light Blue"), _("Lime Green"), _("Magenta"), _("Maroon"),
    _("Mauve"), _("Metallic"), _("Multi"), _("Mushroom Brown"), _("Mustard"), _("Navy Blue"), _("Nude"),
    _("Off White"), _("Olive"), _("Orange"), _("Peach"), _("Pink"), _("Purple"), _("Red"), _("Rose"),
    _("Rust"), _("Sea Green"), _("Silver"), _("Skin"), _("Steel"), _("Tan"), _("Taupe"), _("Teal"),
    _("Turquoise Blue"), _("White"), _("Yellow"),
]  # fmt: skip
FOR_WHOM = [_("Women"), _("Men"), _("Unisex"), _("Girls"), _("Boys")]
SEASONS = [_("Spring"), _("Summer"), _("Fall"), _("Winter")]
OCCASIONS = [
    _("Casual"), _("Ethnic"), _("Formal"), _("Home"), _("Party"), _("Smart Casual"), _("Sports"), _("Travel"),
]  # fmt: skip
CATEGORIES = [
    _("Accessories"), _("Apparel"), _("Backpacks"), _("Bags"), _("Belts"), _("Blazers"), _("Blouses"),
    _("Boots"), _("Bottomwear"), _("Caps"), _("Casual Shoes"), _("Clutches"), _("Coats"), _("Dress"),
    _("Dresses"), _("Earrings"), _("Eyewear"), _("Flats"), _("Flip Flops"), _("Footwear"), _("Formal Shoes"),
    _("Fragrance"), _("Gloves"), _("Handbags"), _("Hats & Caps"), _("Headwear"), _("Heels"), _("Hoodies"),
    _("Innerwear"), _("Jackets"), _("Jeans"), _("Jewellery"), _("Knitwear"), _("Leggings"), _("Outerwear"),
    _("Personal Care"), _("Polo Shirts"), _("Sandal"), _("Sandals"), _("Scarves"), _("Shirts"), _("Shoes"),
    _("Shorts"), _("Skirts"), _("Sneakers"), _("Socks"), _("Sporting Goods"), _("Sports Shoes"),
    _("Sunglasses"), _("Sweaters"), _("Sweatshirts"), _("T-Shirts"), _("Ties"), _("Tops"), _("Topwear"),
    _("Track Pants"), _("Trousers"), _("Tshirts"), _("Tunics"), _("Wallets"), _("Watches"),
]  # fmt: skip
