"""Brands, names, prices and descriptions of the demo shop; all brands are invented."""

import random

from .look import Look

# Brand: how dear it is against the range's price, and the departments it stands for.
BRANDS: dict[str, tuple[float, str]] = {
    "Northwind": (1.00, "clothes outdoor bags"),
    "Alder & Finch": (1.20, "clothes shoes bags accessories"),
    "Maison Velours": (1.45, "clothes shoes bags accessories"),
    "Kestrel Lane": (0.90, "clothes bags"),
    "Fjordlyn": (1.15, "clothes outdoor accessories"),
    "Oak & Ember": (1.05, "clothes shoes outdoor accessories"),
    "Solenne": (0.95, "clothes shoes bags accessories"),
    "Harbour Nine": (0.85, "clothes shoes accessories"),
    "Tessel": (0.75, "clothes bags accessories"),
    "Miro Vale": (1.30, "shoes bags accessories"),
    "Pacegrove": (1.00, "sports shoes outdoor bags"),
    "Lumen Row": (1.10, "accessories shoes clothes"),
}

PATHS: dict[str, tuple[str, ...]] = {
    "Shirts": ("Apparel", "Topwear", "Shirts"),
    "Blouses": ("Apparel", "Topwear", "Blouses"),
    "T-Shirts": ("Apparel", "Topwear", "T-Shirts"),
    "Polo Shirts": ("Apparel", "Topwear", "Polo Shirts"),
    "Knitwear": ("Apparel", "Topwear", "Knitwear"),
    "Hoodies": ("Apparel", "Topwear", "Hoodies"),
    "Sweatshirts": ("Apparel", "Topwear", "Sweatshirts"),
    "Jackets": ("Apparel", "Outerwear", "Jackets"),
    "Blazers": ("Apparel", "Outerwear", "Blazers"),
    "Coats": ("Apparel", "Outerwear", "Coats"),
    "Trousers": ("Apparel", "Bottomwear", "Trousers"),
    "Jeans": ("Apparel", "Bottomwear", "Jeans"),
    "Shorts": ("Apparel", "Bottomwear", "Shorts"),
    "Skirts": ("Apparel", "Bottomwear", "Skirts"),
    "Dresses": ("Apparel", "Dresses"),
    "Sneakers": ("Footwear", "Sneakers"),
    "Heels": ("Footwear", "Heels"),
    "Boots": ("Footwear", "Boots"),
    "Flats": ("Footwear", "Flats"),
    "Formal Shoes": ("Footwear", "Formal Shoes"),
    "Sandals": ("Footwear", "Sandals"),
    "Handbags": ("Accessories", "Bags", "Handbags"),
    "Backpacks": ("Accessories", "Bags", "Backpacks"),
    "Hats & Caps": ("Accessories", "Headwear", "Hats & Caps"),
    "Scarves": ("Accessories", "Scarves"),
    "Watches": ("Accessories", "Watches"),
    "Sunglasses": ("Accessories", "Sunglasses"),
    "Belts": ("Accessories", "Belts"),
}

MATERIALS: dict[str, tuple[str, ...]] = {
    "plain": (
        "The cotton poplin is light and crisp.",
        "Woven from long-staple cotton.",
        "Fine cotton, washed once before sewing.",
    ),
    "canvas": (
        "Tightly woven cotton that takes its time to wear in.",
        "A sturdy cotton weave with a dry hand.",
        "The weave is open enough to breathe.",
    ),
    "linen": (
        "Washed European linen, cool from the first day.",
        "Pure linen that creases beautifully.",
        "A linen and cotton blend with a dry, airy touch.",
    ),
    "denim": (
        "Thirteen-ounce denim that fades where you move.",
        "Organic cotton denim with a soft wash.",
        "Rigid at first, yours after a month.",
    ),
    "twill": (
        "A dense cotton twill with a matt finish.",
        "Cotton twill, garment-dyed for depth.",
        "The twill is smooth outside and soft inside.",
    ),
    "wool": (
        "Warm wool, woven in a small Italian mill.",
        "A wool blend that keeps its shape.",
        "Soft brushed wool with a dry surface.",
    ),
    "tweed": (
        "Herringbone wool with flecks of colour.",
        "A heavy wool tweed that shrugs off drizzle.",
        "Woven from undyed and dyed yarns.",
    ),
    "jersey": (
        "Combed cotton jersey, soft and even.",
        "Single jersey from organic cotton.",
        "A mid-weight jersey that does not twist in the wash.",
    ),
    "fleece": (
        "Loopback cotton, brushed on the inside.",
        "Heavy organic cotton fleece.",
        "Soft inside, smooth outside, and warm without bulk.",
    ),
    "knit": (
        "Knitted from extra-fine merino.",
        "A soft wool and cotton yarn, knitted in the round.",
        "Fine lambswool with a clean stitch.",
    ),
    "chunky": (
        "Knitted with thick, airy yarn.",
        "A generous wool blend that traps the warmth.",
        "Big stitches, little weight.",
    ),
    "cable": (
        "Knitted from British wool.",
        "A dense aran yarn with a little spring.",
        "The cables are deep and evenly twisted.",
    ),
    "rib": (
        "A stretchy rib that springs back.",
        "Cotton rib with a touch of elastane.",
        "Fine ribs that follow every move.",
    ),
    "quilt": ("Lambskin, quilted by hand into diamonds.", "Soft leather over a thin layer of wadding."),
    "leather": (
        "Vegetable-tanned leather that darkens with age.",
        "Smooth calfskin, cut from whole hides.",
        "Leather from a family tannery in Tuscany.",
    ),
    "suede": (
        "Fine-napped suede, treated against rain.",
        "Calf suede with a soft, even nap.",
        "Suede that feels like velvet.",
    ),
    "straw": ("Plaited by hand.", "Natural fibre, light as a newspaper."),
    "mesh": ("An engineered mesh that lets the air through.", "Light mesh with welded overlays."),
    "satin": (
        "A fluid satin with a quiet shine.",
        "Heavy satin that falls well.",
        "Smooth to the touch and easy to care for.",
    ),
    "nylon": (
        "Made from recycled nylon with a water-repellent finish.",
        "Light ripstop nylon.",
        "Tightly woven nylon that keeps the wind out.",
    ),
    "teddy": ("Curly fleece, as soft as it looks.",),
}
# Some things are not made of what their surface is drawn with.
MATERIALS_OF_LEAF: dict[str, tuple[str, ...]] = {
    "Watches": (
        "Mineral glass and a Swiss movement.",
        "Water-resistant to fifty metres.",
        "Powered by a quartz movement that keeps its time.",
    ),
    "Sunglasses": (
        "All lenses block UV up to 400 nanometres.",
        "Polarised lenses, hinges with five barrels.",
        "Delivered in a hard case.",
    ),
}
MATERIALS_OF_NOUN: dict[str, str] = {
    "Rain Boot": "Natural rubber, vulcanised in one piece.",
    "Raincoat": "A coated cotton that rain runs off.",
    "Evening Clutch": "Satin over a stiff frame, lined with velvet.",
    "Puffer Jacket": "Shell and filling come from recycled polyester.",
}

STYLING: dict[str, tuple[str, ...]] = {
    "Casual": (
        "Made for weekends and everything that follows.",
        "Wear it with whatever lies on the chair.",
        "An easy piece for every day.",
        "It goes with nearly everything.",
    ),
    "Formal": (
        "It is at home in the office and at dinner.",
        "Dress it up or leave it plain.",
        "For days when it should be right.",
        "A quiet piece with good manners.",
    ),
    "Sports": (
        "Ready for the park, the court or the train.",
        "Made to move in.",
        "As good on the run as on the sofa.",
        "Light, quick to dry and hard to spoil.",
    ),
    "Party": (
        "Made for evenings that run late.",
        "It catches the light when you turn.",
        "Save it for a good occasion, or invent one.",
        "All it needs is an invitation.",
    ),
}

CARE = (
    "Cut true to size.",
    "Made in Portugal.",
    "Repairs are free for two years.",
    "Comes in a cotton bag.",
    "Part of our permanent range.",
    "Made in small runs.",
    "",
    "",
    "",
)

DEPARTMENT = {"Apparel": "clothes", "Footwear": "shoes", "Accessories": "accessories"}


def brand_for(look: Look, turn: int) -> str:
    """Return the brand of the next product of a look: those that fit take turns."""
    path = PATHS[look.leaf]
    want = (
        "bags"
        if "Bags" in path
        else "sports"
        if look.usage == "Sports" and path[0] == "Footwear"
        else DEPARTMENT[path[0]]
    )
    fit = [
        name
        for name, (_, sectors) in BRANDS.items()
        if want in sectors or (want == "sports" and "shoes" in sectors)
    ]
    return fit[turn % len(fit)]


def describe(look: Look, colour: str, chance: random.Random) -> str:
    """Return two to four sentences on a product."""
    words = MATERIALS_OF_LEAF.get(look.leaf) or MATERIALS.get(look.weave, MATERIALS["plain"])
    material = MATERIALS_OF_NOUN.get(look.noun) or chance.choice(words)
    first = chance.choice(
        (
            f"{look.text} This one comes in {colour.lower()}.",
            f"Our {look.noun.lower()} in {colour.lower()}. {look.text}",
            look.text,
            look.text,
        )
    )
    sentences = [first, material]
    if chance.random() < 0.7:
        sentences.append(chance.choice(STYLING[look.usage]))
    if first == look.text:
        care = chance.choice(CARE)
        if care:
            sentences.append(care)
    return " ".join(sentences[:4])
