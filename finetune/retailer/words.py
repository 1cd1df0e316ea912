"""The words of the synthetic retailer: what products are called, and what each word says about their demand."""

from dataclasses import dataclass
from io import StringIO

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...tools.quantiles import Array

Ints = npt.NDArray[np.int64]

EFFECTS = ["level", "price", "elasticity", "lift"]  # what a word moves, all of them in logs
RANKED = {  # effects per place in a category's list: the first noun and variety are the most sold, sizes grow
    "noun": np.array([-0.14, 0.0, 0.0, 0.0]),
    "variety": np.array([-0.16, 0.0, 0.0, 0.0]),
    "size": np.array([-0.30, 0.40, 0.08, 0.0]),
}
BRAND_SPREAD = 0.5  # log level between the first brand of its tier and the middle one
ADORNED = 0.55  # share of products with an adjective
MARKED = 0.6  # in a category of k seasons' words, this times k / (k + 1) of the products bear one
TEMPLATES = (
    "{season} {adjective} {variety} {noun} {size}",
    "{noun}, {season} {adjective} {variety}, {size}",
    "{brand} {season} {adjective} {variety} {noun}",
    "{season} {variety} {noun} {adjective} {size}",
)


def _table(text: str, lists: tuple[str, ...] = ()) -> pd.DataFrame:
    """A table of cells between bars, under its header; the cells of `lists` are words between commas, `-` is none."""
    table = pd.read_csv(StringIO(text.strip()), sep=r"\s*\|\s*", engine="python")
    return table.assign(**{name: [cell.split(", ") if cell != "-" else [] for cell in table[name]] for name in lists})


# price: currency, level: log units a week, peak: month, swing: log amplitude of the year, festive: log rise before a
# great holiday over `lead` days, pantry: share of a promotion's rise borrowed from the periods around it, wild: how
# irregular
CATALOGUE = _table(
    """
category | noun | variety | size | season | week | price | level | elasticity | peak | swing | festive | lead | pantry | wild
ice cream | ice cream, sorbet, gelato, ice lollies | vanilla, chocolate, strawberry, mint, mango, caramel | 450 ml, 900 ml, 1.5 l, family pack | summer | weekend | 4.5 | 3.2 | 2.0 | 7.2 | .9 | .1 | 2 | .25 | .2
soft drinks | cola, lemonade, iced tea, orange soda, tonic water | regular, zero, cherry, lemon, ginger | 330 ml, 1 l, 2 l, 6 pack, 12 pack | summer | weekend | 2.2 | 4.2 | 2.3 | 7.3 | .35 | .35 | 5 | .4 | .1
juice | orange juice, apple juice, smoothie, grape juice | pressed, with pulp, mixed berries, tropical | 250 ml, 1 l, 1.5 l | - | grocery | 2.9 | 3.4 | 1.8 | 6.5 | .15 | .15 | 3 | .2 | .1
beer | lager, pale ale, stout, wheat beer, cider | draught, dark, alcohol free, honey | 330 ml, 500 ml, 6 pack, 24 pack | summer, barbecue | weekend | 5.5 | 3.6 | 2.2 | 7.2 | .3 | .6 | 4 | .4 | .2
wine | red wine, white wine, rose wine, sparkling wine, prosecco | merlot, chardonnay, riesling, shiraz | 200 ml, 750 ml, 1.5 l | christmas | weekend | 8.5 | 2.4 | 1.6 | 12.3 | .25 | .8 | 7 | .25 | .25
bread | white bread, rolls, wholemeal bread, baguette, bagels | sliced, seeded, rye, sourdough | 250 g, 400 g, 800 g | - | grocery | 1.9 | 4.4 | 0.8 | 10 | .05 | .25 | 2 | .03 | .0
milk | milk, oat drink, cream, buttermilk | whole, semi skimmed, skimmed, lactose free | 500 ml, 1 l, 2 l | - | grocery | 1.4 | 4.7 | 0.6 | 11 | .04 | .1 | 2 | .03 | .0
yoghurt | yoghurt, skyr, quark, rice pudding | natural, strawberry, vanilla, peach, blueberry, coconut | 125 g, 500 g, 1 kg, 4 pack | - | grocery | 1.6 | 3.8 | 1.7 | 1.5 | .1 | -.1 | 3 | .1 | .1
cheese | cheddar, mozzarella, cream cheese, brie, goat cheese | mild, grated, mature, smoked, herbs | 125 g, 200 g, 400 g | - | grocery | 3.6 | 3.3 | 1.5 | 12 | .12 | .4 | 5 | .15 | .1
fruit | bananas, apples, grapes, strawberries, melon, oranges | loose, red, green, seedless | each, 500 g, 1 kg, net bag | summer | grocery | 2.4 | 4.3 | 1.2 | 6.6 | .25 | .1 | 2 | .02 | .1
vegetables | tomatoes, carrots, potatoes, peppers, broccoli, pumpkin | loose, washed, cherry, baby | each, 500 g, 1 kg, 2.5 kg | - | grocery | 1.7 | 4.2 | 0.9 | 9 | .12 | .3 | 3 | .04 | .1
meat | chicken breast, minced beef, bacon, pork chops, turkey | sliced, diced, lean, smoked | 250 g, 400 g, 750 g, family pack | barbecue | grocery | 5.9 | 3.5 | 1.9 | 12 | .1 | .5 | 4 | .25 | .1
fish | salmon, tuna steak, prawns, cod fillet, smoked trout | skinless, breaded, marinated, peeled | 150 g, 250 g, 500 g | - | weekend | 7.2 | 2.4 | 1.7 | 12.2 | .2 | .6 | 4 | .15 | .3
frozen meals | pizza, fish fingers, lasagne, fries, vegetable mix | margherita, pepperoni, crispy, spinach, spicy | 300 g, 450 g, 1 kg, family pack | - | weekend | 3.8 | 3.4 | 2.2 | 1.3 | .2 | -.2 | 3 | .45 | .1
pasta and rice | spaghetti, penne, basmati rice, couscous, noodles | classic cut, wholegrain, egg, spelt | 250 g, 500 g, 1 kg, 5 kg | - | grocery | 1.5 | 3.5 | 1.6 | 11 | .08 | -.1 | 2 | .5 | .1
soup | tomato soup, chicken soup, lentil soup, stock cubes | creamy, spicy, mushroom, onion | 300 g, 400 g, 4 pack | winter | grocery | 1.9 | 3.0 | 1.6 | 1.2 | .6 | .2 | 4 | .4 | .1
breakfast cereal | cornflakes, muesli, granola, porridge oats | honey, chocolate, nut, berry | 375 g, 500 g, 750 g, 1 kg | - | grocery | 3.1 | 3.2 | 2.1 | 1.4 | .1 | -.2 | 3 | .4 | .1
snacks | crisps, tortilla chips, salted nuts, popcorn, pretzels | salted, paprika, sour cream, cheese, chilli | 30 g, 150 g, 300 g, party pack | - | weekend | 2.0 | 3.8 | 2.2 | 7 | .1 | .5 | 4 | .3 | .1
chocolate | chocolate bar, pralines, truffles, cocoa cookies | milk, dark, hazelnut, white, orange | 45 g, 100 g, 200 g, gift box | christmas, easter, valentine, halloween | weekend | 2.6 | 3.6 | 2.0 | 12.4 | .45 | .7 | 10 | .25 | .2
coffee | ground coffee, instant coffee, coffee beans, coffee capsules | mild, espresso, decaf, hazelnut | 100 g, 250 g, 500 g, 1 kg | - | grocery | 6.5 | 2.9 | 2.5 | 12 | .15 | .2 | 6 | .6 | .1
tea | black tea, green tea, herbal tea, rooibos | breakfast, peppermint, camomile, lemon | 20 bags, 50 bags, 100 bags | winter | grocery | 3.0 | 2.4 | 1.4 | 1 | .35 | .15 | 6 | .3 | .1
baking | flour, sugar, baking powder, cake mix, marzipan | plain, brown, vanilla, almond | 100 g, 500 g, 1 kg | christmas | grocery | 1.6 | 3.0 | 1.2 | 12 | .45 | .9 | 12 | .3 | .1
pet food | dog food, cat food, cat litter, dog snacks, bird seed | chicken, beef, salmon, grain free | 85 g, 400 g, 2 kg, 10 kg | - | flat | 4.8 | 3.1 | 1.6 | 11 | .05 | -.1 | 2 | .4 | .1
baby | nappies, baby wipes, baby food, formula milk | newborn, sensitive, carrot, banana | small pack, 4 pack, value box | - | flat | 7.5 | 2.4 | 1.5 | 6 | .03 | -.1 | 2 | .45 | .2
paper goods | toilet paper, kitchen roll, tissues, napkins | soft, recycled, printed, 3 ply | 4 rolls, 8 rolls, 16 rolls, bulk pack | - | grocery | 5.2 | 3.5 | 2.0 | 11 | .06 | .1 | 3 | .6 | .1
household | laundry detergent, dish soap, all purpose cleaner, bin bags | lemon, lavender, sensitive, colour | 500 ml, 1 l, 3 l, refill pack | - | flat | 4.6 | 2.9 | 2.3 | 3 | .08 | -.1 | 3 | .6 | .15
personal care | shampoo, shower gel, toothpaste, deodorant, hand cream | aloe, sensitive, fresh, coconut, men | 50 ml, 250 ml, 500 ml, twin pack | - | flat | 3.4 | 2.7 | 2.0 | 6 | .06 | .15 | 7 | .45 | .15
sun care | sun lotion, after sun, sun spray, lip balm | spf 30, spf 50, kids, sensitive | 50 ml, 200 ml, 400 ml | summer | weekend | 8.9 | 1.9 | 1.3 | 7 | 1.5 | .1 | 4 | .15 | .3
cold remedies | cough syrup, throat lozenges, nasal spray, vitamin c | honey, menthol, herbal, sugar free | 20 pieces, 100 ml, 250 ml | winter | flat | 5.9 | 2.0 | 0.7 | 1.2 | .9 | .0 | 2 | .15 | .2
candles | scented candle, tea lights, lantern, pillar candle | vanilla, rose, cinnamon, ivory | small, medium, large, set of 6 | christmas, autumn | leisure | 5.5 | 2.3 | 1.6 | 12 | .6 | .6 | 14 | .1 | .6
decorations | bunting, wall clock, photo frame, wreath, hanging heart | red, white, wooden, silver, vintage | small, medium, large | christmas, easter, halloween, spring | leisure | 6.8 | 2.0 | 1.5 | 11.6 | .4 | .4 | 16 | .05 | .9
tableware | mug, tea cup, cake stand, plate, jug, lunch box | spotted, floral, blue, retro, ceramic | single, set of 2, set of 4 | christmas, back to school | leisure | 7.9 | 2.0 | 1.4 | 11.4 | .25 | .35 | 12 | .05 | .8
stationery | notebook, pencils, gift tags, greeting card, school bag | lined, dotted, pastel, animal | single, 3 pack, 10 pack | back to school, christmas, valentine | office | 2.8 | 2.3 | 1.3 | 8.8 | .25 | .2 | 10 | .1 | .6
toys | puzzle, building blocks, teddy bear, card game, toy car | dinosaur, princess, farm, space | small, standard, deluxe set | christmas, halloween | leisure | 14.0 | 1.5 | 1.8 | 12 | .7 | .6 | 20 | .05 | .7
garden | plant pot, seeds, watering can, garden chair, compost | terracotta, green, climbing, herb | small, medium, large | spring, summer | weekend | 9.5 | 1.8 | 1.3 | 5.2 | 1.1 | .1 | 3 | .05 | .6
barbecue | charcoal, grill tongs, barbecue sauce, firelighters | smoky, classic blend, long, instant | 250 ml, 2 kg, 5 kg | summer, barbecue | weekend | 6.5 | 1.9 | 1.5 | 6.8 | 1.2 | .7 | 4 | .1 | .5
clothing | t-shirt, shorts, socks, dress, jumper, scarf | cotton, striped, black, wool, linen | s, m, l, xl | summer, winter, spring, autumn | leisure | 19.0 | 1.4 | 2.2 | 11 | .15 | .4 | 14 | .1 | .5
footwear | trainers, sandals, boots, slippers | leather, running, white, kids | 37, 39, 42, 44 | summer, winter | leisure | 39.0 | 0.9 | 2.0 | 10 | .2 | .3 | 12 | .05 | .5
electronics | batteries, headphones, usb cable, light bulb, power bank | wireless, aa, compact, warm white | single, 2 pack, 8 pack | christmas | leisure | 15.0 | 1.6 | 2.1 | 12 | .45 | .5 | 16 | .1 | .5
gift wrap | wrapping paper, ribbon, gift bag, gift box | stars, plain, kraft, glitter | small, large, set of 5 | christmas, valentine, easter | leisure | 3.2 | 2.1 | 1.0 | 12.4 | .8 | .9 | 18 | .05 | .6
""",  # noqa: E501
    lists=("noun", "variety", "size", "season"),
)
ADJECTIVES = _table("""
adjective | level | price | elasticity | lift
premium | -.7 | .5 | -.35 | -.3
luxury | -1.1 | .9 | -.5 | -.5
value | .7 | -.45 | .35 | .1
budget | .5 | -.55 | .45 | .0
organic | -.5 | .35 | -.2 | -.1
classic | .5 | .0 | -.1 | .1
original | .6 | .05 | -.1 | .2
best seller | 1.1 | .0 | .0 | .2
favourite | .7 | .0 | .05 | .15
limited edition | -.5 | .2 | -.1 | .5
gourmet | -.8 | .6 | -.3 | -.1
handmade | -1.0 | .5 | -.3 | -.4
everyday | .6 | -.2 | .2 | .0
vegan | -.6 | .25 | -.2 | .0
specialist | -1.4 | .4 | -.6 | -.5
party | -.2 | .1 | .2 | .5
multipack | .0 | .5 | .3 | .5
mini | -.3 | -.4 | .0 | .1
""")
# by tier, premium, national and private; the best sold brand first; all names are made up
BRANDS = _table(
    """
level | price | elasticity | lift | brand
-.5 | .45 | -.3 | -.2 | maison verlane, golden reserve, atelier noor, royal orrin, casa belmira, fine & ferren, the copper hall, signature oakes
.35 | .05 | .0 | .25 | brightwell, northmill, sunvale, merry otter, cloverby, rowanley, tivola, morning & co, zelphine, big barn, pinto, lumora, fairhaven, rolly, mapleton, kestrow
.1 | -.35 | .2 | -.3 | store brand, own label, basic choice, penny plain, simply home, budget basket, daily essentials, house value
""",  # noqa: E501
    lists=("brand",),
).explode("brand")
BRANDS["level"] += BRANDS.groupby(level=0)["brand"].transform(lambda tier: np.linspace(1, -1, len(tier)) * BRAND_SPREAD)

# word: day of the peak (month, day; Easter moves), days up to it, days after it, log height over the rest of the year
SEASONS: dict[str, tuple[tuple[int, int] | None, float, float, float]] = {
    "christmas": ((12, 17), 24.0, 5.0, 3.6),
    "easter": (None, 14.0, 2.0, 3.4),
    "halloween": ((10, 28), 16.0, 2.5, 3.6),
    "valentine": ((2, 12), 12.0, 2.0, 3.4),
    "back to school": ((8, 26), 20.0, 16.0, 2.4),
    "barbecue": ((6, 30), 45.0, 45.0, 1.6),
    "summer": ((7, 10), 42.0, 42.0, 2.0),
    "winter": ((1, 5), 50.0, 45.0, 2.0),
    "spring": ((4, 15), 35.0, 35.0, 1.9),
    "autumn": ((10, 12), 35.0, 35.0, 1.9),
}
WEEKS = {  # share of a day, Monday to Sunday, over the mean day
    "grocery": (0.90, 0.85, 0.88, 0.98, 1.22, 1.30, 0.87),
    "weekend": (0.70, 0.70, 0.76, 0.95, 1.38, 1.55, 0.96),
    "leisure": (0.82, 0.84, 0.88, 0.96, 1.10, 1.40, 1.00),
    "office": (1.22, 1.24, 1.20, 1.16, 1.02, 0.66, 0.50),
    "flat": (1.02, 0.98, 0.97, 0.99, 1.04, 1.06, 0.94),
}


@dataclass(frozen=True, eq=False)
class Products:
    """N products: their text, and what the text says of their demand.

    Attributes:
        text: `description`, `category`, `brand` and `size`, each N strings.
        kind: row of `CATALOGUE`, `[N]`.
        season: index into `SEASONS`, -1 without a season's word, `[N]`.
        effects: log level (units a week), log price (currency), log elasticity, log of the promotion's lift, `[N, 4]`.
    """

    text: dict[str, list[str]]
    kind: Ints
    season: Ints
    effects: Array

    def each(self, column: str) -> Array:
        """A number of `CATALOGUE` for each product, `[N]`."""
        return CATALOGUE[column].to_numpy(dtype=float)[self.kind]


def draw_products(n: int, rng: np.random.Generator) -> Products:
    """Draw N products. The same words mean the same in every draw.

    Args:
        n: how many, 1 or more.
        rng: the source of chance.
    """
    kind = rng.integers(len(CATALOGUE), size=n)
    own = CATALOGUE.iloc[kind]
    effects = np.stack([own["level"], np.log(own["price"]), np.log(own["elasticity"]), np.zeros(n)], axis=1)
    words = {"category": own["category"].tolist()}
    for part, steps in RANKED.items():
        count = own[part].str.len().to_numpy()
        place = (rng.random(n) * count).astype(int)
        words[part] = [among[at] for among, at in zip(own[part], place, strict=True)]
        effects += (place - (count - 1) / 2)[:, None] * steps
    for part, table, share in (("brand", BRANDS, 1.0), ("adjective", ADJECTIVES, ADORNED)):
        place = np.minimum((rng.random(n) / share * len(table)).astype(int), len(table))  # the last is no word
        words[part] = np.append(table[part], "")[place].tolist()
        effects += np.vstack([table[EFFECTS], np.zeros(4)])[place]
    place = (rng.random(n) / MARKED * (own["season"].str.len().to_numpy() + 1)).astype(int)
    words["season"] = ["".join(among[at : at + 1]) for among, at in zip(own["season"], place, strict=True)]
    season = np.array([["", *SEASONS].index(word) - 1 for word in words["season"]])
    forms = rng.integers(len(TEMPLATES), size=n)
    parts = [dict(zip(words, row, strict=True)) for row in zip(*words.values(), strict=True)]
    filled = [TEMPLATES[form].format(**row) for form, row in zip(forms, parts, strict=True)]
    text = {"description": [" ".join(one.split()) for one in filled]}
    return Products(text | {name: words[name] for name in ("category", "brand", "size")}, kind, season, effects)
