"""Trousers, jeans, shorts and skirts."""

from ..fabric_names import GOLD_THREAD
from ..look import look

P, J, S, K = "Trousers", "Jeans", "Shorts", "Skirts"
DENIM = {"weave": "denim", "jeans": True, "thread": GOLD_THREAD}

LOOKS = (
    look(P, "Cotton Chinos", "trousers", "Beige, Navy Blue, Olive, Khaki, Charcoal, Rust, Off White", 59,
         "Men Spring Casual", "A straight leg with slanted pockets and a hint of stretch.", weave="twill"),
    look(P, "Wool Suit Trousers", "trousers", "Charcoal, Navy Blue, Black, Grey, Brown, Bottle Green", 99,
         "Men Fall Formal", "Pressed creases and a slim leg that breaks once over the shoe.", weave="wool", legs="slim", crease=True),
    look(P, "Checked Trousers", "trousers", "Grey/Charcoal+Light Blue, Beige/Brown+Rust, Navy Blue/Grey+Light Blue, Black/Grey+White, Brown/Camel+Beige, Olive/Charcoal+Beige", 85,
         "Women Fall Formal", "A cropped tapered leg in a fine check.", weave="wool", pattern="glen", legs="tapered", crease=True),
    look(P, "Wide-Leg Trousers", "trousers", "Black, Off White, Camel, Navy Blue, Sage, Burgundy", 79,
         "Women Spring Formal", "High at the waist, pleated, and wide all the way down.", weave="satin", legs="wide", pleat=True, crease=True),
    look(P, "Fleece Joggers", "trousers", "Grey, Black, Navy Blue, Olive, Charcoal, Burgundy", 45,
         "Unisex Fall Sports", "A drawstring waist and ribbed ankles.", weave="fleece", legs="jogger", elastic=True, cuff="rib", drawstring=True),
    look(P, "Track Pants", "trousers", "Navy Blue|White, Black|White, Bottle Green|White, Burgundy|Off White, Black|Red, Blue|White", 49,
         "Men Spring Sports", "Stripes down the side and a leg that tapers to the ankle.", weave="jersey", legs="jogger", elastic=True, stripe=True, cuff="stitch"),
    look(P, "Cargo Trousers", "trousers", "Olive, Khaki, Black, Beige, Navy Blue, Charcoal", 69,
         "Men Fall Casual", "Roomy legs with bellows pockets at the thigh.", weave="twill", legs="relaxed", cargo=True),
    look(J, "Slim Jeans", "trousers", "Indigo, Mid Blue, Bleached Blue, Black, Charcoal, Navy Blue", 79,
         "Men Fall Casual", "Narrow from the knee, with enough stretch to cycle in.", legs="slim", wash=0.5, **DENIM),
    look(J, "Straight Jeans", "trousers", "Indigo, Mid Blue, Bleached Blue, Black, White, Navy Blue", 85,
         "Unisex Fall Casual", "Five pockets, a button fly and a leg as straight as a ruler.", legs="straight", wash=0.6, **DENIM),
    look(J, "Turn-Up Jeans", "trousers", "Indigo, Mid Blue, Bleached Blue, Navy Blue, Black, Charcoal", 89,
         "Men Spring Casual", "Raw denim, turned up once to show the paler inside.", legs="tapered", cuff="turn", wash=0.3, **DENIM),
    look(J, "Ripped Jeans", "trousers", "Mid Blue, Bleached Blue, Indigo, Black, Charcoal, White", 75,
         "Women Summer Casual", "Worn at the knees and frayed at the hem, on purpose.", legs="straight", ripped=True, cuff="raw", wash=0.9, **DENIM),
    look(J, "Flared Jeans", "trousers", "Indigo, Mid Blue, Bleached Blue, Black, Off White, Navy Blue", 82,
         "Women Spring Casual", "Close over the thigh and wide over the shoe.", legs="flare", wash=0.5, **DENIM),
    look(S, "Chino Shorts", "trousers", "Beige, Navy Blue, Olive, Coral, White, Sage, Light Blue", 39,
         "Men Summer Casual", "They end just above the knee, with a neat hem.", weave="twill", legs="bermuda"),
    look(S, "Denim Shorts", "trousers", "Mid Blue, Bleached Blue, Indigo, Black, White, Navy Blue", 42,
         "Women Summer Casual", "High waist, frayed edge, five pockets.", legs="short-shorts", cuff="raw", wash=0.6, **DENIM),
    look(S, "Printed Swim Shorts", "trousers", "Navy Blue/Teal+Mint, Coral/Off White+Rose, Teal/Mint+Off White, Black/Olive+Sage, Light Blue/White+Teal, Yellow/Orange+Off White", 45,
         "Men Summer Sports", "Quick to dry, with a drawstring and a mesh lining.", weave="nylon", pattern="leaves", legs="shorts", elastic=True, drawstring=True),
    look(K, "Pleated Midi Skirt", "skirt", "Bottle Green, Black, Rose, Navy Blue, Camel, Burgundy, Silver", 69,
         "Women Fall Formal", "Knife pleats that swing from a flat waistband.", weave="satin", gloss=0.16, form="pleated", fall="pleats", folds=18),
    look(K, "Pencil Skirt", "skirt", "Black, Charcoal, Navy Blue, Burgundy, Camel, Off White", 55,
         "Women Fall Formal", "Narrow to the knee, with a vent at the back.", weave="wool", form="pencil"),
    look(K, "Denim Skirt", "skirt", "Indigo, Mid Blue, Bleached Blue, Black, White, Navy Blue", 49,
         "Women Spring Casual", "A-line, buttoned from waist to hem.", weave="denim", form="a-line", row=True, pockets=True, thread=GOLD_THREAD),
    look(K, "Floral Maxi Skirt", "skirt", "Rust/Off White+Olive+Mustard, Navy Blue/Off White+Sage+Coral, Black/Rose+Olive+Off White, Off White/Coral+Sage+Mustard, Bottle Green/Pink+Sage+Mustard, Burgundy/Pink+Sage+Off White", 72,
         "Women Summer Casual", "Three tiers of light cotton down to the ankle.", pattern="floral_meadow", form="maxi", fall="gathered", tier=True, elastic=True),
    look(K, "Tartan Mini Skirt", "skirt", "Red/Navy Blue+Bottle Green+Mustard, Bottle Green/Navy Blue+Black+Mustard, Grey/Charcoal+Black+Red, Camel/Brown+Black+Off White, Navy Blue/Bottle Green+Black+Red, Off White/Camel+Charcoal+Red", 52,
         "Women Fall Casual", "Pleated all round, short, and fastened at the side.", weave="wool", pattern="tartan", form="tennis", fall="pleats", folds=13),
    look(K, "Wrap Skirt", "skirt", "Sage, Rust, Black, Off White, Mustard, Teal", 62,
         "Women Summer Casual", "It ties at the waist and falls open a little at the knee.", weave="linen", form="midi", fall="flared", wrap=True),
)  # fmt: skip
