/** Derives a shop category from a product title, for shops whose export names none. */

/** Category of titles that no rule knows. */
export const OTHER = 'Other'

/** Families whose word decides wherever it stands: the occasion matters more than the thing. */
const OCCASIONS: readonly (readonly [category: string, words: string])[] = [
  ['Christmas', 'christmas xmas advent santa reindeer nativity snowman snowmen snowflake bauble snow noel'],
  ['Easter & Spring', 'easter bunny chick'],
]

/** Families of things, by what the title's head noun may be. */
const THINGS: readonly (readonly [category: string, words: string])[] = [
  [
    'Bags & Purses',
    'bag handbag shopper tote purse wallet backpack rucksack satchel holdall suitcase luggage charlotte',
  ],
  [
    'Jewellery & Accessories',
    'necklace bracelet earring ring brooch pendant bangle charm hairclip hairband hairslide scarf glove umbrella parasol keyring key-ring watch bead tiara anklet choker lariat sunglasses hatpin cufflink jewellery slide grip diamante lapis fan poncho raincoat slipper sock hat locket',
  ],
  [
    'Lighting & Candles',
    't-light tealight candle lantern light lamp candlestick candleholder candelabra chandelier lampshade nightlight votive bulb torch tlight t-lights light-holder snuffer candlepot lights',
  ],
  [
    'Kitchen & Baking',
    'kitchen baking cake cakestand cakecase oven apron recipe whisk spoon spatula mould jelly pan saucepan colander scale cutter rolling-pin timer pantry jam lunch bread biscuit cookie grater sieve mixing peg tea-towel towel teatowel cruet chopping measuring cannister canister jar bottle flask opener corkscrew popcorn peeler lolly ice-cream cooking egg ladle butter trivet pinny moulds muffin cupcake bbq juicer washing-up potholder pot-holder glove-oven warmer-egg',
  ],
  [
    'Tableware',
    'mug cup saucer teacup teapot tea coffee plate bowl dish jug tumbler glass goblet beaker cutlery teaspoon fork knife napkin coaster placemat tablecloth tray dinner milk sugar tankard straw platter decanter wine creamer cosy egg-cup servi doily chopstick ramekin pitcher cocktail champagne mat runner tablecover sipper',
  ],
  [
    'Stationery & Gift Wrap',
    'card notebook pencil pen pencase eraser rubber sticker paper wrap ribbon tape envelope notepad journal diary calendar stationery folder ruler stamp tag letter postcard book bookmark pad clipboard marker crayon chalk chalkboard blackboard memoboard memo gift-bag giftwrap wrapping tissue ink organiser sharpener stapler planner album scrapbook magnet passport luggage-tag',
  ],
  [
    'Toys & Games',
    'toy game jigsaw puzzle doll teddy bear skittle domino dominoes playhouse ludo snake bingo balloon ball kite yoyo yo-yo soldier puppet rattle playing dice cube marble robot truck train tractor car jack-in-the-box farm block building skipping rope spinning inflatable kids children childrens hopscotch naughts tattoo whistle windmill glider aeroplane bubble piggy rocking croquet boules quoits cricket racquet solitaire pinball magic teaset wand slinky',
  ],
  [
    'Crafts & Sewing',
    'sewing knitting craft feltcraft needle thread button patch felt kit decoupage paint paintset crochet embroidery cotton reel stencil pin tapestry origami knit loom bead-kit',
  ],
  [
    'Garden & Outdoors',
    'garden plant planter gardening watering bird birdhouse birdcage feeder gnome spade trowel flowerpot flower-pot picnic parasol-garden deckchair hammock seed fence bucket beach windchime wind-chime herb thermometer outdoor camping kneeler wheelbarrow nest dovecote seaside windsock pot',
  ],
  [
    'Bathroom & Wellbeing',
    'bath bathroom soap toilet toothbrush sponge hot-water hottie warmer incense fragrance scented scent perfume oil diffuser massage towel-bath laundry wash cosmetic manicure nail shower body cream-hand plaster pillbox lip tissues tissue-pack potpourri sachet lavender pill',
  ],
  [
    'Storage & Furniture',
    'box storage basket tin drawer cabinet chest shelf hook rack hanger hangers stool chair table bench cupboard trunk crate stand holder bin trinket wardrobe knob wicker caddy sideboard case ladder desk bed hatstand letterbox mailbox safe jewellery-box cash-box bookend tub handle cases valet',
  ],
  [
    'Cushions & Textiles',
    'cushion throw blanket quilt pillow rug doormat curtain bunting-fabric bedspread cover tieback doorstop draught excluder duvet bean beanbag pouffe footstool tassel fleece',
  ],
  [
    'Clocks, Frames & Mirrors',
    'clock frame mirror picture photo wall canvas print poster sign plaque wall-art art tile word number font image painting silhouette photoframe alphabet portrait cornice screen',
  ],
  [
    'Party & Celebration',
    'party bunting garland birthday wedding cone-party invitation confetti streamer celebration banner honeycomb crepe pom-pom pinata wreath bride groom disco paper-chain lei snap crackers',
  ],
  [
    'Decorations & Ornaments',
    'decoration ornament flower rose heart star angel vase sculpture figurine statue bell mobile hanging chime butterfly fairy globe crystal skull drop wicker-heart cherub feather bouquet blossom daisy lily sunflower peony hydrangea tulip orchid leaf bird-ornament buddha elephant cat dog owl hen cockerel rooster tree string decorative shell pebble branch stem poppy dove duck squirrel',
  ],
  ['Pets & Baby', 'pet puppy kitten baby bib nursery christening babies collar lead'],
]

const OCCASION_OF = familyByWord(OCCASIONS)
const THING_OF = familyByWord(THINGS)
/** What follows says how a thing looks or where it belongs, not what it is. */
const AFTER_HEAD = /\b(?:with|w|for|from|in|on|to|by)\b|[(,]/u
/** `box of 6 teaspoons`, `set of 3 cake tins`, `pack of 20 napkins`: the thing is what is counted. */
const COUNTED = /^(?:.*\b)?(?:set|pack|box|pair|bag|jar|tube|tin|bundle|assortment)s?(?: ?of|\/) ?\d*\b/u

/**
 * Returns the category of a title: that of an occasion named anywhere in it, else that of its head noun, the
 * last word of the first phrase that a family knows (English noun phrases end in what they name), else that
 * of any known word of the rest, else {@link OTHER}.
 */
export function categoryOf(title: string): string {
  const text = title.toLowerCase().replace(/[^\p{L}\p{N}\s\-(,/]/gu, '')
  const words = wordsOf(text)
  for (const word of words) {
    const occasion = OCCASION_OF.get(word)
    if (occasion) return occasion
  }
  const cut = text.search(AFTER_HEAD)
  const phrase = cut > 0 ? text.slice(0, cut) : text
  const counted = phrase.replace(COUNTED, '')
  return lastKnown(wordsOf(counted)) ?? lastKnown(wordsOf(phrase)) ?? lastKnown(words) ?? OTHER
}

function lastKnown(words: readonly string[]): string | undefined {
  return words.map((word) => THING_OF.get(word)).findLast((category) => category !== undefined)
}

function wordsOf(text: string): string[] {
  return text
    .split(/[\s,(/]+/u)
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

function familyByWord(families: readonly (readonly [string, string])[]): Map<string, string> {
  const byWord = new Map<string, string>()
  for (const [category, words] of families) {
    for (const word of words.split(' ')) if (!byWord.has(singular(word))) byWord.set(singular(word), category)
  }
  return byWord
}
