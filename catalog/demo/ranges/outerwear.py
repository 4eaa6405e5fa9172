"""Jackets, blazers, coats and waistcoats."""

from ..fabric_names import FUR, GOLD_THREAD, SHEEP
from ..look import look

J, C, B = "Jackets", "Coats", "Blazers"

LOOKS = (
    look(J, "Denim Trucker Jacket", "denim", "Indigo, Mid Blue, Bleached Blue, Black, White, Olive", 89,
         "Unisex Spring Casual", "Pointed pocket flaps, tapering front seams and copper buttons.", weave="denim", hem_y=560, thread=GOLD_THREAD),
    look(J, "Sherpa Denim Jacket", "denim", "Indigo, Mid Blue, Black, Bleached Blue, Rust, Camel", 109,
         "Men Winter Casual", "Lined with curly fleece that folds out at the collar.", weave="denim", hem_y=565, thread=GOLD_THREAD, collar_cloth=SHEEP, lining=SHEEP, fit="regular"),
    look(J, "Bomber Jacket", "bomber", "Olive, Black, Navy Blue, Burgundy, Camel, Sage", 99,
         "Men Fall Casual", "Padded nylon, slanted pockets and thick ribs.", weave="nylon", gloss=0.18, hem_y=575, roomy=8),
    look(J, "Suede Blouson", "bomber", "Camel, Brown, Navy Blue, Olive, Cognac, Charcoal", 189,
         "Men Spring Casual", "Velvety goatskin with knitted collar and cuffs.", weave="suede", hem_y=570),
    look(J, "Leather Biker Jacket", "biker", "Black, Brown, Burgundy, Cognac, Navy Blue, White", 249,
         "Women Fall Casual", "An off-centre zip, wide lapels and a belted hem.", weave="leather", gloss=0.38, hem_y=540, fit="women", roomy=-6),
    look(J, "Puffer Jacket", "puffer", "Black, Mustard, Navy Blue, Red, Olive, Silver, Teal", 139,
         "Unisex Winter Casual", "Recycled down in even chambers, with a high collar.", weave="nylon", gloss=0.28, hem_y=590),
    look(J, "Light Down Gilet", "puffer", "Navy Blue, Black, Bottle Green, Rust, Grey, Burgundy", 89,
         "Men Fall Casual", "Narrow quilting, no sleeves: the layer for in-between days.", weave="nylon", gloss=0.22, sleeve="none", pitch=30, fit="singlet", hem_y=590),
    look(J, "Chore Jacket", "shacket", "Blue, Navy Blue, Olive, Off White, Rust, Black", 95,
         "Men Spring Casual", "Three patch pockets and triple stitching, after a French worker's coat.", weave="twill", hem_y=590, chest=False),
    look(J, "Checked Overshirt", "shacket", "Red/Black+Off White, Camel/Brown+Off White, Navy Blue/Bottle Green+Mustard, Grey/Black+White, Olive/Brown+Beige, Rust/Navy Blue+Beige", 105,
         "Unisex Fall Casual", "Half shirt, half jacket, in a thick brushed check.", weave="wool", pattern="plaid", scale=1.3, hem_y=620, hips=False),
    look(B, "Wool Blazer", "blazer", "Navy Blue, Charcoal, Black, Camel, Bottle Green, Burgundy", 179,
         "Men Fall Formal", "Two buttons, flap pockets and a soft shoulder.", weave="wool", hem_y=600),
    look(B, "Checked Blazer", "blazer", "Grey/Charcoal+Light Blue, Beige/Brown+Rust, Navy Blue/Grey+Light Blue, Brown/Camel+Off White, Light Grey/Charcoal+Burgundy, Olive/Brown+Mustard", 199,
         "Men Fall Formal", "A glen check with a thin overline, cut close to the body.", weave="wool", pattern="glen", fit="slim", hem_y=600),
    look(B, "Double-Breasted Blazer", "blazer", "Black, Off White, Navy Blue, Rose, Camel, Sage", 165,
         "Women Spring Formal", "Peaked lapels and six buttons on a nipped waist.", weave="twill", double=True, fit="women", hem_y=590, lapel=58, count=2),
    look(C, "Wool Overcoat", "blazer", "Camel, Charcoal, Navy Blue, Black, Grey, Brown", 259,
         "Men Winter Formal", "Three buttons and a clean line down to the knee.", weave="wool", fit="long", hem_y=715, coat=True, count=3, close=320),
    look(C, "Herringbone Coat", "blazer", "Grey, Brown, Navy Blue, Olive, Charcoal, Beige", 279,
         "Women Winter Formal", "A belted coat in a heavy herringbone with a shawl collar.", weave="tweed", fit="women", hem_y=715, coat=True, shawl=True, belt=True, count=1, welt=False),
    look(C, "Trench Coat", "trench", "Beige, Navy Blue, Olive, Black, Khaki, Rust", 229,
         "Women Spring Formal", "Storm flap, epaulettes, buckled cuffs and belt: the full uniform.", weave="twill", fit="women", hem_y=715),
    look(C, "Fur-Trimmed Parka", "parka", "Olive, Navy Blue, Black, Khaki, Burgundy, Charcoal", 219,
         "Unisex Winter Casual", "A drawcord at the waist and a rim of faux fur on the hood.", weave="twill", fit="long", hem_y=690, waist=True, fur=FUR),
    look(C, "Duffle Coat", "parka", "Camel, Navy Blue, Charcoal, Bottle Green, Burgundy, Grey", 239,
         "Men Winter Casual", "Toggles of horn, a deep hood and pockets you can bury both hands in.", weave="wool", fit="long", hem_y=690, toggles=True),
    look(C, "Raincoat", "parka", "Yellow, Navy Blue, Olive, Red, Sage, Light Blue", 119,
         "Unisex Spring Casual", "Taped seams, a stiff hood and a matt rubber finish.", weave="satin", gloss=0.22, fit="long", hem_y=680),
)  # fmt: skip
