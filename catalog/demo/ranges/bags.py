"""Handbags and backpacks."""

from ..look import look
from ..trimmings import BRASS, GUNMETAL, STEEL

H, B = "Handbags", "Backpacks"
HIDE = {"weave": "leather"}

LOOKS = (
    look(H, "Leather Tote", "handbag", "Cognac, Black, Navy Blue, Burgundy, Olive, Beige, Bottle Green", 149,
         "Women Fall Formal", "Room for a laptop, two long handles and one inside pocket.", gloss=0.22, form="tote", **HIDE),
    look(H, "Canvas Shopper", "handbag", "Off White|Tan, Navy Blue|Tan, Olive|Brown, Black|Tan, Red|Brown, Beige|Black", 59,
         "Unisex Summer Casual", "Heavy canvas on a leather base.", weave="canvas", trim_weave="leather", form="tote", bottom=True, w=204, base=184),
    look(H, "Top-Handle Bag", "handbag", "Black, Burgundy, Cognac, Rose, Bottle Green, Off White, Navy Blue", 179,
         "Women Fall Formal", "Structured, lockable and carried by one short handle.", gloss=0.35, form="satchel", metal=BRASS, **HIDE),
    look(H, "Chain Shoulder Bag", "handbag", "Black, Red, Off White, Rose, Navy Blue, Silver", 129,
         "Women Winter Party", "Quilted leather on a chain.", weave="quilt", gloss=0.32, form="crossbody", chain=True, metal=BRASS),
    look(H, "Saddle Bag", "handbag", "Tan, Black, Brown, Burgundy, Olive, Bottle Green", 119,
         "Women Spring Casual", "A curved flap with a brass ring, on a long strap.", gloss=0.22, form="crossbody", saddle=True, clasp="ring", round=70, **HIDE),
    look(H, "Envelope Crossbody", "handbag", "Mustard, Sage, Black, Light Blue, Coral, Lavender", 79,
         "Women Summer Casual", "Small, light, and just big enough for a phone and keys.", gloss=0.2, form="crossbody", envelope=True, clasp="stud", w=150, metal=BRASS, **HIDE),
    look(H, "Bucket Bag", "handbag", "Olive|Brown, Camel|Brown, Black|Black, Burgundy|Black, Off White|Tan, Navy Blue|Tan", 135,
         "Women Spring Casual", "Drawn together by a cord and finished with two tassels.", gloss=0.18, form="bucket", **HIDE),
    look(H, "Hobo Bag", "handbag", "Rust, Black, Camel, Grey, Bottle Green, Off White", 125,
         "Women Fall Casual", "A soft crescent that sits under the arm.", gloss=0.16, form="hobo", **HIDE),
    look(H, "Evening Clutch", "handbag", "Gold, Silver, Black, Red, Navy Blue, Rose", 69,
         "Women Winter Party", "A slim envelope with a single stud.", weave="satin", gloss=0.5, form="clutch"),
    look(B, "Daypack", "backpack", "Navy Blue|Tan, Grey|Black, Black|Black, Burgundy|Brown, Olive|Tan, Light Blue|Tan", 65,
         "Unisex Fall Casual", "One main compartment, a front pocket and padded straps.", weave="canvas", trim_weave="leather", form="classic"),
    look(B, "Roll-Top Backpack", "backpack", "Olive|Black, Yellow|Black, Black|Grey, Navy Blue|Orange, Grey|Black, Red|Black", 89,
         "Unisex Winter Sports", "Waterproof, with a top that rolls down to fit the load.", weave="nylon", gloss=0.12, form="roll", metal=GUNMETAL),
    look(B, "Flap Rucksack", "backpack", "Mustard|Brown, Olive|Brown, Navy Blue|Cognac, Beige|Brown, Charcoal|Black, Rust|Brown", 95,
         "Unisex Fall Casual", "Waxed canvas under a buckled flap.", weave="canvas", trim_weave="leather", form="flap", metal=BRASS),
    look(B, "Mini Leather Backpack", "backpack", "Black, Cognac, Rose, Burgundy, Sage, Off White", 109,
         "Women Spring Casual", "A city backpack the size of a handbag.", gloss=0.3, form="mini", metal=BRASS, **HIDE),
    look(B, "Sport Backpack", "backpack", "Black|Red, Navy Blue|Turquoise, Charcoal|Yellow, Bottle Green|Orange, Blue|White, Grey|Coral", 55,
         "Unisex Summer Sports", "Mesh pockets for bottles and a ventilated back.", weave="nylon", gloss=0.1, form="classic", side=True, metal=STEEL, colour_base=True),
)  # fmt: skip
