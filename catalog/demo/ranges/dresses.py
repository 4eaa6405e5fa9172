"""Dresses."""

from ..look import look

D = "Dresses"

LOOKS = (
    look(D, "Floral Wrap Dress", "dress", "Red/Off White+Bottle Green+Mustard, Navy Blue/Rose+Sage+Off White, Bottle Green/Off White+Sage+Coral, Black/Coral+Olive+Off White, Off White/Rose+Sage+Mustard, Teal/Off White+Mint+Yellow, Mustard/Off White+Olive+Rust", 89,
         "Women Summer Casual", "A crossed front, a tied waist and a skirt with some swing.", pattern="floral_meadow", neck="wide-v", sleeve="short", length="midi", waist="sash"),
    look(D, "Ditsy Tea Dress", "dress", "Light Blue/White+Green+Yellow, Black/Rose+Olive+Off White, Rose/Off White+Sage+Burgundy, Navy Blue/Off White+Sage+Coral, Mint/Off White+Green+Coral, Burgundy/Pink+Sage+Mustard", 79,
         "Women Spring Casual", "Tiny flowers, puffed sleeves and a row of buttons.", pattern="floral_ditsy", neck="square", sleeve="puff", length="midi"),
    look(D, "Satin Slip Dress", "dress", "Black, Rose, Bottle Green, Navy Blue, Camel, Silver, Burgundy", 85,
         "Women Summer Party", "Cut on the bias with thin straps and a cowl of shine.", weave="satin", gloss=0.3, straps="thin", neck="v", line="slip", length="midi"),
    look(D, "Shirt Dress", "dress", "White, Light Blue, Olive, Navy Blue, Beige, Rust", 82,
         "Women Spring Formal", "Buttoned from collar to hem and gathered by a belt.", neck="collar", sleeve="long", waist="belt", length="knee", belted=True),
    look(D, "Striped Shirt Dress", "dress", "White/Blue, White/Navy Blue, Light Blue/White, White/Red, White/Green, Navy Blue/White", 84,
         "Women Summer Casual", "Crisp stripes, rolled sleeves and a self-tied belt.", pattern="stripe_fine", neck="collar", sleeve="elbow", waist="sash", length="knee"),
    look(D, "Evening Gown", "dress", "Bottle Green, Black, Red, Navy Blue, Burgundy, Purple", 189,
         "Women Winter Party", "A full skirt to the floor and sleeves that fall in soft folds.", weave="satin", gloss=0.16, line="full", neck="v", sleeve="bishop", length="maxi"),
    look(D, "Sheath Dress", "dress", "Navy Blue, Black, Red, Charcoal, Teal, Burgundy", 95,
         "Women Fall Formal", "Narrow, sleeveless and knee-length: it goes from desk to dinner.", weave="wool", line="sheath", neck="square"),
    look(D, "Shift Dress", "dress", "Mustard, Black, Coral, Off White, Blue, Bottle Green", 69,
         "Women Spring Casual", "A straight sixties line with elbow sleeves.", weave="twill", line="shift", sleeve="elbow", length="mini", neck="boat"),
    look(D, "Polka Dot Dress", "dress", "Black/White, Red/White, Navy Blue/White, White/Black, Bottle Green/Off White, Rose/White", 75,
         "Women Summer Party", "A swinging skirt, wide straps and dots the size of a coin.", pattern="dots_large", scale=0.8, straps="wide", neck="straight", line="full", length="knee", waist="belt"),
    look(D, "Tiered Maxi Dress", "dress", "White, Rust, Sage, Black, Light Blue, Yellow", 92,
         "Women Summer Casual", "Airy cotton gathered in tiers, with a tie at each shoulder.", weave="linen", straps="wide", neck="straight", length="maxi", fall="gathered", tiers=True),
    look(D, "Rib Knit Dress", "dress", "Camel, Black, Grey, Burgundy, Off White, Olive", 78,
         "Women Winter Casual", "A long-sleeved rib that follows the body.", weave="rib", line="sheath", neck="high", sleeve="long", length="midi", waist="none", knit=True),
)  # fmt: skip
