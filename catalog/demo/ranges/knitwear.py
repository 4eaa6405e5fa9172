"""Jumpers, cardigans, hoodies and sweatshirts."""

from ..look import look

K, H = "Knitwear", "Hoodies"
JUMPER = {"sleeve": "long", "roomy": 6}

LOOKS = (
    look(K, "Cable Knit Sweater", "knit", "Off White, Navy Blue, Camel, Grey, Bottle Green, Burgundy, Rose", 95,
         "Unisex Winter Casual", "Deep cables between ribs, knitted in one weight of soft wool.", weave="cable", **JUMPER),
    look(K, "Merino Crew Neck", "knit", "Navy Blue, Charcoal, Burgundy, Camel, Teal, Light Grey, Bottle Green", 79,
         "Men Fall Formal", "A fine gauge that goes under a blazer as easily as over a tee.", weave="knit", grain=0.6, **JUMPER),
    look(K, "Roll Neck Sweater", "knit", "Black, Off White, Camel, Rust, Grey, Olive", 85,
         "Women Winter Casual", "A generous folded collar and a long, easy line.", weave="knit", neck="roll", fit="women-boxy", **JUMPER),
    look(K, "Chunky Sweater", "knit", "Off White, Mustard, Rose, Sage, Light Grey, Rust", 99,
         "Women Winter Casual", "Thick stocking stitch, dropped shoulders and wide ribs.", weave="chunky", fit="women-boxy", sleeve="long", roomy=16),
    look(K, "Fair Isle Sweater", "knit", "Navy Blue/Off White+Red, Bottle Green/Off White+Mustard, Burgundy/Off White+Rose, Charcoal/Off White+Light Blue, Off White/Navy Blue+Rust, Rust/Off White+Mustard", 110,
         "Unisex Winter Casual", "Bands of diamonds and zigzags in the pattern of the northern isles.", weave="knit", pattern="fair_isle", **JUMPER),
    look(K, "Striped Sweater", "knit", "Off White/Navy Blue, Grey/White, Navy Blue/Red, Camel/Off White, Off White/Black, Rose/Burgundy", 72,
         "Women Spring Casual", "Broad stripes around body and sleeves, with a plain ribbed hem.", weave="knit", pattern="breton", scale=1.4, fit="women-boxy", **JUMPER),
    look(K, "V-Neck Argyle Sweater", "knit", "Navy Blue/Light Blue+Grey, Bottle Green/Sage+Mustard, Burgundy/Rose+Beige, Grey/Charcoal+Red, Camel/Brown+Off White, Charcoal/Grey+Light Blue", 82,
         "Men Fall Formal", "Diamonds in three tones and a V that leaves room for a collar.", weave="knit", pattern="argyle", neck="v", grain=0.7, **JUMPER),
    look(K, "Button Cardigan", "knit", "Burgundy, Camel, Navy Blue, Sage, Black, Light Grey, Rose", 88,
         "Women Fall Casual", "Five horn buttons, two patch pockets and a ribbed band all round.", weave="knit", open=True, pockets=True, fit="women", **JUMPER),
    look(H, "Pullover Hoodie", "sweat", "Grey, Black, Navy Blue, Rust, Sage, Burgundy, Mustard, Light Blue", 59,
         "Unisex Fall Casual", "Brushed inside, with a lined hood and a kangaroo pocket.", weave="fleece", sleeve="long", roomy=14),
    look(H, "Zip Hoodie", "sweat", "Black, Grey, Navy Blue, Olive, Charcoal, Red, Teal", 65,
         "Men Fall Sports", "A full metal zip and pockets that stay in place on the run.", weave="fleece", sleeve="long", roomy=12, zip=True),
    look(H, "Colour Block Hoodie", "sweat", "Grey|Navy Blue, Beige|Rust, Light Grey|Bottle Green, Navy Blue|Light Blue, Black|Mustard, Off White|Teal", 68,
         "Unisex Spring Sports", "Shoulders and hood in one colour, body in another.", weave="fleece", sleeve="long", roomy=14, blocked=True),
    look("Sweatshirts", "Crew Sweatshirt", "sweat", "Grey, Sage, Off White, Navy Blue, Coral, Lavender, Bottle Green", 49,
         "Unisex Fall Casual", "The classic gym sweatshirt with a V inset at the neck.", weave="fleece", sleeve="long", roomy=12, hood=False, pouch=False),
    look("Sweatshirts", "Printed Sweatshirt", "sweat", "Off White|Coral, Light Grey|Navy Blue, Black|Off White, Mustard|Brown, Sage|Bottle Green, Pink|Burgundy", 55,
         "Women Fall Casual", "A relaxed sweatshirt with a small graphic on the chest.", weave="fleece", sleeve="long", roomy=10, hood=False, pouch=False,
         fit="women-boxy", motifs=("wave", "sun", "bars", "peaks"), plain_band=True),
    look("Sweatshirts", "Half-Tone Track Top", "sweat", "Navy Blue|White, Bottle Green|White, Burgundy|Off White, Black|Red, Blue|White, Charcoal|Light Grey", 58,
         "Men Spring Sports", "A zipped track top with contrasting rib at neck, cuffs and hem.", weave="jersey", gloss=0.06, sleeve="long", hood=False, zip=True, roomy=8),
)  # fmt: skip
