/** Derives a shop category from a product title, for shops whose export names none. */

/** Category of titles that no rule knows. */
export const OTHER = 'Other'

/** Words that decide wherever they stand: the occasion matters more than the thing. */
const OCCASIONS: Readonly<Record<string, string>> = {
  Christmas:
    'christmas xmas advent santa reindeer nativity snowman snowmen snowflake bauble snow noel icicle blackchristmas tinsel mistletoe',
  'Easter & Spring': 'easter bunny chick',
}

/** Words that say what a thing is. */
const THINGS: Readonly<Record<string, string>> = {
  'Bags & Purses':
    'bag handbag shopper tote purse wallet backpack rucksack satchel holdall suitcase luggage washbag',
  'Jewellery & Accessories':
    'necklace bracelet braclet necklac neckl earring ring brooch pendant bangle charm hairclip hairband hairslide scarf glove umbrella parasol keyring key-ring fob key-chain keychain watch tiara anklet choker lariat sunglasses hatpin cufflink jewellery slide grip fan poncho raincoat slipper sock hat sombrero skirt locket clip comb muff headphones badge rosette tie bobble jewelry shoe flip-flop lipstick',
  'Lighting & Candles':
    't-light tealight candle lantern light lamp candlestick candleholder candelabra chandelier lampshade nightlight votive bulb lightbulb torch snuffer candlepot match chocolatecandle ubo-light',
  'Kitchen & Baking':
    'baking cakestand cakecase apron recipe whisk spoon spatula mould jelly saucepan colander scale cutter rolling-pin timer lunch cake bread biscuit cookie grater sieve peg tea-towel towel teatowel cruet chopping measuring cannister canister jar bottle flask opener corkscrew popcorn peeler lolly ladle trivet pinny muffin cupcake bbq juicer squeezer washing potholder toastrack flan cookware snack',
  Tableware:
    'mug cup saucer teacup teapot plate bowl fruitbowl dish jug tumbler glass goblet chalice beaker cutlery teaspoon fork knife napkin coaster placemat tablecloth tray dinner breakfast sugar tankard straw platter charger decanter wine creamer cosy doily doiley chopstick ramekin pitcher cocktail champagne runner tablecover',
  'Stationery & Gift Wrap':
    'card notebook sketchbook pencil pen pencase eraser rubber sticker wrap ribbon tape envelope notepad journal diary calendar stationery folder ruler stamp tag postcard book bookmark pad clipboard marker crayon chalk chalkboard blackboard memoboard memo giftwrap tissue ink organiser sharpener stapler planner album scrapbook magnet passport writing punch calculator colouring',
  'Toys & Games':
    'toy game jigsaw puzzle doll teddy skittle domino dominoes ludo snake bingo balloon ball kite yoyo yo-yo soldier puppet rattle robot truck tractor car helicopter building skipping spinning inflatable hopscotch naughts tattoo whistle windmill glider aeroplane bubble croquet boules quoits cricket racquet solitaire pinball slinky slate trumpet tambourine marble clay rocket piggy',
  'Crafts & Sewing':
    'sewing knitting craft feltcraft needle thread button patch kit decoupage paint paintset crochet embroidery reel stencil tapestry origami loom scissor screwdriver twine',
  'Garden & Outdoors':
    'planter gardening watering birdhouse feeder gnome spade trowel flowerpot picnic deckchair hammock seed rake secateur fence bucket windchime herb thermometer camping kneeler wheelbarrow dovecote windsock grow swat sandcastle',
  'Bathroom & Wellbeing':
    'bath soap toilet toothbrush sponge hottie warmer incense fragrance perfume diffuser massage laundry cosmetic manicure nail shower plaster pillbox pill gloss potpourri sachet flannel basin ashtray',
  'Storage & Furniture':
    'storage drawer cabinet chest shelf hook rack hanger stool chair seat table bench cupboard trunk crate wardrobe knob drawerknob caddy sideboard ladder desk bed hatstand letterbox mailbox bookend tub handle trinket tidy container valet',
  'Cushions & Textiles':
    'cushion throw blanket quilt pillow rug doormat mat curtain bedspread cover tieback doorstop draught excluder duvet beanbag pouffe footstool fleece',
  'Clocks, Frames & Mirrors':
    'clock frame mirror photo wall canvas print poster sign doorsign plaque art tile word number font painting silhouette photoframe alphabet portrait screen',
  'Party & Celebration':
    'party bunting garland invitation invite confetti streamer banner pennant flag honeycomb pinata wreath bride groom disco lei cracker',
  'Decorations & Ornaments':
    'decoration dec ornament vase sculpture figurine statue bell mobile hanging chime globe paperweight pweight cherub bouquet mushroom toadstool',
}

/** Words that say where or with what motif: they count only where nothing else does. */
const HINTS: Readonly<Record<string, string>> = {
  'Storage & Furniture': 'box holder stand tin basket case rack bin safe tube cash money wicker',
  'Kitchen & Baking': 'kitchen oven jam pantry pan butter cooking mixing egg ice-cream towel salt pepper',
  Tableware: 'tea coffee milk drink',
  'Bathroom & Wellbeing': 'bathroom wash scented scent lavender oil lip body tissue',
  'Stationery & Gift Wrap': 'paper letter gift office school envelope',
  'Toys & Games':
    'bear block playhouse dice cube horse farm rope children childrens child monster dinosaur ninja cadet frog spaceboy magic crawlie dolphin tool playing playtime rocking kids baby',
  'Crafts & Sewing': 'felt cotton bead pin wool',
  'Garden & Outdoors': 'garden plant pot birdcage nest beach outdoor seaside shed bird camping',
  'Clocks, Frames & Mirrors': 'picture image',
  'Party & Celebration': 'birthday wedding celebration paper-chain cone',
  'Lighting & Candles': 'lights solar led',
  'Jewellery & Accessories': 'hair diamante key bling travel',
  'Decorations & Ornaments':
    'flower rose heart star angel butterfly fairy crystal skull drop feather blossom daisy lily sunflower peony hydrangea tulip orchid leaf buddha elephant cat dog owl hen cockerel rooster tree string decorative shell pebble branch stem poppy dove duck squirrel rabbit bird hand geisha babushka jewel base pear',
}

const OCCASION_OF = categoryByWord(OCCASIONS)
const THING_OF = categoryByWord(THINGS)
const HINT_OF = categoryByWord(HINTS)
/** What follows says how a thing looks or what it is for, not what it is. */
const AFTER_HEAD = /\b(?:with|w|for|from|in|on|to|by)\b|[(,]/u
/** `box of 6 teaspoons`, `set of 3 cake tins`, `pack of 20 napkins`: the thing is what is counted. */
const COUNTED = /^.*\b(?:set|pack|box|pair|bag|jar|tube|tin|bundle)s?(?: ?of\b|\/) ?\d*/u

/**
 * Returns the category of a title (docs/data.md has the rule in words): that of an occasion named anywhere;
 * else of the last word of its first phrase that names a thing, for English noun phrases end in what they
 * name; else of any such word; else of the last word that hints at one; else {@link OTHER}.
 */
export function categoryOf(title: string): string {
  const text = title.toLowerCase().replace(/[^\p{L}\p{N}\s\-(,/+&]/gu, '')
  const words = wordsOf(text)
  const cut = text.search(AFTER_HEAD)
  const phrase = cut > 0 ? text.slice(0, cut) : text
  const counted = phrase.replace(COUNTED, '')
  return (
    lastKnown(words, OCCASION_OF) ??
    lastKnown(wordsOf(counted), THING_OF) ??
    lastKnown(words, THING_OF) ??
    lastKnown(wordsOf(counted), HINT_OF) ??
    lastKnown(words, HINT_OF) ??
    OTHER
  )
}

function lastKnown(words: readonly string[], categories: ReadonlyMap<string, string>): string | undefined {
  return words.map((word) => categories.get(word)).findLast((category) => category !== undefined)
}

function wordsOf(text: string): string[] {
  return text
    .split(/[\s,(/+&]+/u)
    .filter((word) => word !== '')
    .map(singular)
}

/** Takes the plural off: glasses → glass, berries → berry, bags → bag. */
function singular(word: string): string {
  if (/(?:ss|sh|ch|x)es$/u.test(word)) return word.slice(0, -2)
  if (/[^aeiou]ies$/u.test(word)) return `${word.slice(0, -3)}y`
  if (/[^su]s$/u.test(word) && word.length > 3) return word.slice(0, -1)
  return word
}

function categoryByWord(families: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(families).flatMap(([category, words]) =>
      words.split(' ').map((word) => [singular(word), category] as const),
    ),
  )
}
