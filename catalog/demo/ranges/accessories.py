"""Hats and caps, scarves, watches, sunglasses and belts."""

from ..fabric_names import BADGE, POMPOM
from ..look import look
from ..palette import TONES
from ..trimmings import BRASS, GUNMETAL, STEEL

C, S, W, G, B = "Hats & Caps", "Scarves", "Watches", "Sunglasses", "Belts"
ROSE_GOLD = (0.82, 0.60, 0.50)
HIDE = {"weave": "leather"}

LOOKS = (
    look(C, "Baseball Cap", "hat", "Navy Blue, Black, Beige, Bottle Green, Burgundy, Olive, Light Blue", 25,
         "Unisex Summer Casual", "Six panels, a curved peak and a woven badge.", weave="twill", form="cap", badge="round", badge_cloth=BADGE),
    look(C, "Two-Tone Cap", "hat", "Off White|Navy Blue, White|Red, Off White|Bottle Green, Beige|Brown, Light Grey|Black, Yellow|Blue", 27,
         "Unisex Summer Sports", "A light crown with a peak in another colour.", weave="canvas", form="cap", badge="peak"),
    look(C, "Ribbed Beanie", "hat", "Rust, Charcoal, Navy Blue, Mustard, Off White, Olive, Burgundy", 22,
         "Unisex Winter Casual", "A deep turn-up and a small label.", weave="rib", form="beanie", patch=(0.78, 0.66, 0.48)),
    look(C, "Pompom Beanie", "hat", "Red, Grey, Rose, Teal, Navy Blue, Camel", 29,
         "Women Winter Casual", "Chunky wool with a faux fur bobble.", weave="chunky", form="beanie", pompom=POMPOM),
    look(C, "Bucket Hat", "hat", "Beige, Black, Olive, Light Blue, Pink, White", 32,
         "Unisex Summer Casual", "A stitched brim that folds into any pocket.", weave="canvas", form="bucket"),
    look(C, "Felt Fedora", "hat", "Camel|Brown, Black|Black, Grey|Charcoal, Burgundy|Black, Olive|Brown, Navy Blue|Black", 69,
         "Unisex Fall Formal", "Wool felt with a pinched crown and a wide ribbon.", weave="wool", form="fedora", bow=True),
    look(C, "Straw Hat", "hat", "Beige|Black, Beige|Navy Blue, Off White|Red, Camel|Brown, Off White|Bottle Green, Beige|Rust", 39,
         "Women Summer Casual", "Woven paper straw and a ribbon band.", weave="straw", trim_weave="satin", form="straw", bow=True),
    look(C, "Wool Beret", "hat", "Red, Black, Camel, Burgundy, Navy Blue, Grey", 28,
         "Women Fall Casual", "Felted in one piece, with the little stalk on top.", weave="wool", form="beret"),
    look(S, "Tartan Scarf", "scarf", "Camel/Black+White+Red, Red/Navy Blue+Bottle Green+Mustard, Bottle Green/Navy Blue+Black+Mustard, Grey/Charcoal+White+Light Blue, Navy Blue/Bottle Green+Black+Off White, Burgundy/Navy Blue+Grey+Mustard", 45,
         "Unisex Winter Casual", "Soft lambswool with a short fringe.", weave="wool", pattern="tartan"),
    look(S, "Cashmere Scarf", "scarf", "Camel, Grey, Navy Blue, Burgundy, Off White, Black, Sage", 99,
         "Unisex Winter Formal", "Woven light, brushed soft, long enough to wrap twice.", weave="wool", w=104),
    look(S, "Striped Scarf", "scarf", "Navy Blue/Off White, Burgundy/Mustard, Bottle Green/Off White, Charcoal/Light Grey, Rust/Navy Blue, Grey/Rose", 39,
         "Unisex Fall Casual", "College stripes and a knotted fringe.", weave="knit", pattern="breton_wide", scale=1.2),
    look(S, "Chunky Snood", "scarf", "Grey, Off White, Mustard, Burgundy, Teal, Rose", 35,
         "Women Winter Casual", "A knitted loop with no ends to lose.", weave="chunky", form="snood", single=True),
    look(S, "Silk Square", "scarf", "Off White/Navy Blue+Red|Navy Blue, Pink/Burgundy+Off White|Burgundy, Light Blue/Navy Blue+Mustard|Navy Blue, Yellow/Rust+Off White|Rust, Mint/Bottle Green+Coral|Bottle Green, Off White/Black+Mustard|Black", 55,
         "Women Spring Formal", "Printed twill with a rolled hem.", weave="satin", gloss=0.15, pattern="paisley", scale=1.5, form="square"),
    look(W, "Classic Leather Watch", "watch", "Brown, Black, Cognac, Navy Blue, Burgundy, Olive", 129,
         "Men Fall Formal", "A slim case, a clear dial and a stitched strap.", gloss=0.2, dial=(0.95, 0.95, 0.93), **HIDE),
    look(W, "Gold Dress Watch", "watch", "Black, Brown, Burgundy, Bottle Green, Off White, Navy Blue", 149,
         "Women Winter Party", "Gilt case with a plain dial and no seconds to count.", gloss=0.3, metal=BRASS, r=96, w=58, marks="bars", dial=(0.96, 0.94, 0.88), **HIDE),
    look(W, "Steel Chronograph", "watch", "Navy Blue, Black, White, Bottle Green, Grey, Burgundy", 249,
         "Men Winter Formal", "Three counters, a turning bezel and a solid bracelet.", weave="satin", bracelet=True, chrono=True, r=120, w=84, dial_from_colour=True, bezel=(0.11, 0.11, 0.13)),
    look(W, "Mesh Bracelet Watch", "watch", "White, Black, Rose, Navy Blue, Light Blue, Bottle Green", 119,
         "Women Spring Formal", "A woven steel band and a flat, quiet dial.", weave="satin", mesh=True, r=100, w=62, marks="dots", metal=ROSE_GOLD, dial_from_colour=True),
    look(W, "Field Watch", "watch", "Olive, Khaki, Black, Navy Blue, Grey, Rust", 89,
         "Men Summer Sports", "A canvas strap and a dial made to be read in a hurry.", weave="canvas", dial=(0.14, 0.15, 0.15), date=True, stitched=True, metal=GUNMETAL, marks="rail"),
    look(W, "Digital Sport Watch", "watch", "Black, Red, Blue, Yellow, White, Olive", 59,
         "Unisex Summer Sports", "Big figures, a soft strap and water up to fifty metres.", weave="satin", form="square", digital=True, sport=True, dial=(0.72, 0.77, 0.69), metal=GUNMETAL),
    look(G, "Wayfarer Sunglasses", "sunglasses", "Black, Tortoise, Navy Blue, Red, Off White, Bottle Green", 79,
         "Unisex Summer Casual", "A broad acetate frame with grey lenses.", weave="satin", gloss=0.7, form="wayfarer"),
    look(G, "Aviator Sunglasses", "sunglasses", "Gold|Olive, Silver|Charcoal, Gold|Brown, Black|Black, Silver|Blue, Gold|Rose", 95,
         "Unisex Summer Casual", "A thin wire frame, a double bridge and teardrop lenses.", weave="satin", gloss=0.7, form="aviator", wire=True, tinted=True),
    look(G, "Round Sunglasses", "sunglasses", "Gold|Bottle Green, Silver|Blue, Black|Charcoal, Gold|Brown, Gold|Purple, Silver|Rose", 85,
         "Unisex Spring Casual", "Small round lenses in a wire as thin as a pencil line.", weave="satin", gloss=0.7, form="round", wire=True, tinted=True),
    look(G, "Cat-Eye Sunglasses", "sunglasses", "Black, Tortoise, Red, Rose, Off White, Burgundy", 89,
         "Women Summer Party", "Upswept corners and a touch of the fifties.", weave="satin", gloss=0.7, form="cat"),
    look(G, "Square Sunglasses", "sunglasses", "Tortoise, Black, Nude, Olive, Grey, Navy Blue", 82,
         "Women Summer Casual", "Oversized, flat-topped, and dark enough to hide behind.", weave="satin", gloss=0.7, form="square", rim=1.2),
    look(B, "Leather Belt", "belt", "Brown, Black, Cognac, Navy Blue, Burgundy, Tan", 45,
         "Men Fall Formal", "Full-grain leather, stitched edges and a steel frame buckle.", gloss=0.3, **HIDE),
    look(B, "Suede Belt", "belt", "Camel, Navy Blue, Brown, Olive, Grey, Burgundy", 49,
         "Men Spring Casual", "Soft to the hand, with a brass buckle.", weave="suede", metal=BRASS),
    look(B, "Plate Buckle Belt", "belt", "Black, Brown, White, Charcoal, Bottle Green, Red", 55,
         "Men Winter Formal", "A smooth plate hides the holes.", gloss=0.4, buckle="plate", stitched=False, **HIDE),
    look(B, "Double Ring Belt", "belt", "Black, Tan, Red, Off White, Brown, Rose", 39,
         "Women Summer Casual", "Two gilt rings at the waist of a dress.", gloss=0.3, buckle="double", metal=BRASS, **HIDE),
    look(B, "Western Belt", "belt", "Cognac, Black, Brown, Burgundy, Rust, Camel", 65,
         "Women Fall Casual", "A chased silver buckle on thick saddle leather.", gloss=0.25, buckle="western", metal=STEEL, **HIDE),
    look(B, "Canvas Belt", "belt", "Navy Blue/Red, Olive/Off White, Beige/Navy Blue, Black/Grey, Off White/Navy Blue, Burgundy/Beige", 29,
         "Unisex Summer Sports", "Striped webbing with a round buckle.", weave="canvas", pattern="breton_duo", scale=0.55, buckle="round", stitched=False),
)  # fmt: skip

TORTOISE = (TONES["Camel"], TONES["Brown"])
