/** Which motif a title calls for: the first rule that matches wins, so the more telling words stand first. */
import type { Motif, Setting } from './kit.ts'
import * as bags from './motifs/bags.tsx'
import * as festive from './motifs/festive.tsx'
import * as home from './motifs/home.tsx'
import * as keeping from './motifs/keeping.tsx'
import * as kitchen from './motifs/kitchen.tsx'
import * as light from './motifs/light.tsx'
import * as outdoors from './motifs/outdoors.tsx'
import * as paper from './motifs/paper.tsx'
import * as play from './motifs/play.tsx'
import * as soft from './motifs/soft.tsx'
import * as table from './motifs/table.tsx'
import * as wear from './motifs/wear.tsx'

/** A motif with its setting. */
export interface MotifRule {
  name: string
  /** Matched against the upper-case title as whole words. */
  words: RegExp
  motif: Motif
  setting: Setting
}

function rule(name: string, words: string, motif: Motif, setting: Setting = 'table'): MotifRule {
  return { name, words: new RegExp(`(?<![A-Z])(?:${words})(?![A-Z])`, 'u'), motif, setting }
}

/** In order of precedence. */
export const MOTIF_RULES: readonly MotifRule[] = [
  rule(
    'garden-tools',
    'TROWEL|GARDENERS?|GARDEN (?:TOOLS?|FORK|KIT|BRUSH)|SPADE|RAKE|KNEELING',
    outdoors.gardenTools,
    'flat',
  ),
  rule('doorstop', 'DOOR ?STOPS?|DRAUGHT', soft.doorstop),
  rule('doormat', 'DOOR ?MATS?|RUGS?|MAT', soft.doormat, 'flat'),
  rule('sign', 'SIGNS?|PLAQUES?|BILLBOARD|PLACARD', home.sign, 'wall'),
  rule('gift-bag', 'GIFT BAGS?|PARTY BAGS?|GIFT SACK|BAGS? \\d+ .*GIFT', bags.giftBag),
  rule('wrap', '(?:GIFT )?WRAP|WRAPPING', paper.wrap, 'flat'),
  rule('wallet', 'WALLETS?|CARD HOLDERS?|TRAVEL CARD|TICKET', bags.wallet, 'flat'),
  rule(
    'birthday-cards',
    'BIRTHDAY CARDS?|GREETINGS? CARDS?|POSTCARDS?|CARDS? (?!WALLET|HOLDER)\\w+|THANK YOU CARD|ENVELOPES?|GIFT TAGS?|TAGS?|WRITING SET|INVITES?',
    paper.card,
    'flat',
  ),
  rule('luggage', 'LUGGAGE|PASSPORT|TRAVEL CARD', bags.luggageTag, 'flat'),
  rule('sticker', 'STICKERS?|STENCIL|TATTOOS|TRANSFERS?', paper.stickers, 'flat'),
  rule(
    'chalkboard',
    'CHALK ?BOARDS?|BLACK ?BOARDS?|MEMO ?BOARD|MESSAGE BOARD|SLATE',
    home.chalkboard,
    'wall',
  ),
  rule(
    'playing-cards',
    'PLAYING CARDS|SNAP|CARD GAME|DOMINOES|GAME|QUIZ|TAROT|TRUMPS',
    paper.playingCards,
    'flat',
  ),
  rule('cakestand', 'CAKE ?STANDS?|TIERS?|STAND', table.cakestand),
  rule(
    'cake-cases',
    'CAKE CASES|PETIT FOUR CASES|BAKING CASES|CUPCAKES?|CUP CAKES?|CAKES?(?: CASES)|FAIRY CAKES?|MUFFIN',
    table.cakeCases,
  ),
  rule('tins', 'CAKE TINS?|BISCUIT TINS?|STORAGE TINS?|SET.*TINS', kitchen.tins),
  rule('tissues', 'TISSUES?', paper.tissues),
  rule('napkins', 'NAPKINS?|SERVIETTES', paper.napkins, 'flat'),
  rule('calendar', 'CALENDAR|ADVENT', paper.calendar, 'wall'),
  rule('cushion', 'CUSHIONS?|C/COVER|PILLOW|PAD|BEAN ?BAG|FILLER', soft.cushion, 'flat'),
  rule(
    'notebook',
    'NOTE ?BOOKS?|JOURNAL|DIARY|SKETCHBOOKS?|ALBUM|SCRAP ?BOOK|ORGANISER|NOTEPADS?|MEMO|BOOKS?|ADDRESS|FOLDER|ERASERS?|STATIONERY',
    paper.notebook,
    'flat',
  ),
  rule('pencils', 'PENCILS?|CRAYONS?|CHALKS?|MARKERS?|PAINT (?:SET|PALETTE)|RULER|BRUSHES', paper.pencils),
  rule('pen', 'PENS?', paper.pen, 'flat'),
  rule('straws', 'STRAWS', table.straws),
  rule('popcorn', 'POPCORN', paper.partyBox),
  rule('bunting', 'BUNTING|FLAGS?|PENNANT', paper.bunting, 'wall'),
  rule('night-light', 'NIGHT LIGHTS?', light.nightLight),
  rule('fairy-lights', 'FAIRY LIGHTS?|LIGHTS|STRING ?\\d*LIGHT|LIGHT GARLAND|LED', light.fairyLights, 'wall'),
  rule('paper-chain', 'PAPER CHAINS?|CHAIN KIT|STREAMERS?', paper.paperChain, 'wall'),
  rule('garland', 'GARLANDS?|TINSEL|SWAG|MOBILE', paper.garland, 'wall'),
  rule('ribbon', 'RIBBONS?|LACE|TRIM', paper.ribbon),
  rule('tape', '(?:GIFT|STICKY|FUNKY DESIGN|PARCEL) +TAPES?|TAPES|BARRIER TAPE', paper.tape, 'flat'),
  rule('tape-measure', 'TAPE MEASURE|MEASURING TAPE|TAPE', play.tapeMeasure),
  rule('sewing', 'SEWING|BUTTONS?|KNITTING|CROCHET|PATCHES|PIN ?CUSHION|EMBROIDERY|SEW', play.sewing),
  rule('alarm-clock', 'ALARM CLOCK|TRAVEL CLOCK|DESK CLOCK', home.alarmClock),
  rule('wall-clock', 'CLOCKS?', home.wallClock, 'wall'),
  rule('hot-water', 'HOT WATER BOTTLES?|HAND ?WARMERS?|HWB', soft.hotWaterBottle, 'flat'),
  rule('incense', 'INCENSE|OIL BURNER|POTPOURRI|JOSS', light.incense),
  rule('lantern', 'LANTERNS?|HURRICANE', light.lantern),
  rule('hanging-tlight', 'HANGING .*T-?LIGHTS?.*|.*HANGING HEART.*HOLDER', light.hangingTeaLight, 'wall'),
  rule('tlight', 'T-?LIGHTS?|TEALIGHTS?|VOTIVES?|CANDLE ?POTS?|CANDLE BOWL|JAR T-LIGHT', light.teaLight),
  rule(
    'candlestick',
    'CANDLE ?STICKS?|CANDLE ?HOLDERS?|CANDELABRA|CHANDELIER|CANDLE (?:SPIKE|PLATE|STAND)',
    light.candlestick,
  ),
  rule(
    'dinner-candles',
    'DINNER CANDLES?|TAPERS?|BIRTHDAY CANDLES?|CELEBRATION CANDLES',
    light.dinnerCandles,
  ),
  rule('candles', 'CANDLES', light.candles),
  rule('candle', 'CANDLE', light.candle),
  rule('lampshade', 'LAMP ?SHADES?|LAMPS?|TABLE LIGHT|LIGHT SHADE|TORCH|LIGHTBULB', light.lamp),
  rule(
    'jumbo-bag',
    'JUMBO (?:STORAGE )?(?:BAGS?|SHOPPER)|SHOPPER|STORAGE BAG|CARRIER|LAUNDRY',
    bags.jumboBag,
  ),
  rule('lunch-bag', 'LUNCH BAGS?|LUNCH ?BOX(?:ES)?|COOL ?BAG|SNACK BOX(?:ES)?|BENTO', bags.lunchBag),
  rule('washbag', 'WASH ?BAGS?|COSMETIC|MAKE ?UP|TOILETR|CASES?|POUCH|SHOWER CAP', bags.washbag),
  rule('bag-charm', 'BAG CHARM|PHONE CHARM|CHARMS?', wear.charm, 'wall'),
  rule('handbag', 'HAND ?BAGS?|EVENING BAG|SHOULDER BAG|CLUTCH|BACKPACK|RUCKSACK|SATCHEL', bags.handbag),
  rule('bag', '(?<!TEA )BAGS?|TOTE|SACK', bags.tote),
  rule('purse', 'PURSES?', bags.purse),
  rule('umbrella', 'UMBRELLAS?|PARASOLS?', bags.umbrella, 'wall'),
  rule('necklace', 'NECKLACES?|NECKL\\.?|PENDANTS?|CHOKER|LARIAT|ROSARY', wear.necklace, 'flat'),
  rule('bracelet', 'BRACELETS?|BRACELT|BANGLES?|ANKLET', wear.bracelet, 'flat'),
  rule('earrings', 'EARRINGS?|EAR RINGS|STUDS', wear.earrings, 'flat'),
  rule('hair', 'HAIR ?\\w*|HEADBAND|SLIDES?|GRIPS?|CLIPS?|PEGS|COMBS?', wear.hairClip, 'flat'),
  rule('key-ring', 'KEY ?-?RINGS?|KEY FOBS?|KEYRING|KEYS?|FOB', wear.keyRing, 'flat'),
  rule('baking', 'BAKING|WHISK|ROLLING PIN|MIXING|SPATULA|SIEVE|COLANDER|LADLE|GRATER', kitchen.bakingSet),
  rule('brooch', 'BROOCH(?:ES)?|BADGE|CORSAGE|PINS?', wear.brooch, 'flat'),
  rule('napkin-ring', 'NAPKIN RINGS?|RINGS?', wear.fingerRing),
  rule('scarf', 'SCARF|SCARVES|PASHMINA|THROW|SHAWL|BLANKET|QUILT', wear.scarf, 'flat'),
  rule('gloves', 'GLOVES?(?<!OVEN GLOVE)|MITTENS', wear.gloves, 'flat'),
  rule('oven-glove', 'OVEN (?:GLOVES?|MITTS?)|POT ?HOLDER', kitchen.ovenGlove, 'flat'),
  rule('slippers', 'SLIPPERS?|FLIP FLOPS|SHOES?|SOCKS?|BOOTS?', wear.slippers, 'flat'),
  rule('glasses', 'SUNGLASSES|SPECTACLES|GLASSES CASE|EYE MASK', play.glasses, 'flat'),
  rule('teapot', 'TEAPOTS?|TEA POT|TEA SET|TEA FOR ONE|COFFEE POT|KETTLE', table.teapot),
  rule('teacup', 'TEACUPS?|TEA CUPS?|SAUCERS?|CUP AND|CUP & ', table.teacup),
  rule('tea-towel', 'TOWELS?|FLANNELS?|TABLE ?CLOTH|RUNNER|CLOTHS?', kitchen.teaTowel, 'wall'),
  rule('mug', 'MUGS?|CUPS?(?! HOOK)', table.mug),
  rule('tumblers', 'BEAKERS?|TUMBLERS?|PAPER CUPS|SHOT GLASS', table.tumblers),
  rule('jam', 'JAMS?(?: \\w+)?|JARS?|PRESERVE|HONEY|CHUTNEY|CONFECTIONERY', kitchen.jar),
  rule('moulds', 'MOULDS?|JELLY', kitchen.mould),
  rule('cookie', 'COOKIE|GINGERBREAD|BISCUITS?|CUTTERS?', kitchen.gingerbread, 'flat'),
  rule('measuring', 'MEASURING|SCALES?', kitchen.measuring),
  rule('frying', 'FRYING|PAN|SAUCEPAN|CASSEROLE|SKILLET', kitchen.frying, 'flat'),
  rule('apron', 'APRONS?|SMOCK|MAC|BIB|PINNY', kitchen.apron, 'wall'),
  rule('cutlery', 'CUTLERY|SPOONS?|FORKS?|KNI(?:FE|VES)|CHOPSTICKS|TONGS|SERVERS?', table.cutlery, 'flat'),
  rule('plate', 'PLATES?|SAUCER|PLATTER|CHARGER', table.plate, 'flat'),
  rule('tray', 'TRAYS?', table.tray, 'flat'),
  rule('placemat', 'PLACE ?MATS?|TABLE ?MATS?', table.placemat, 'flat'),
  rule('coaster', 'COASTERS?|TRIVETS?|TILES?(?= COASTER)', table.coaster, 'flat'),
  rule('jug', 'JUGS?|PITCHER|CARAFE|CREAMER|MILK (?:PAN|JUG)|DECANTER', table.jug),
  rule('bowl', 'BOWLS?|DISH(?:ES)?|RAMEKIN', table.bowl),
  rule('glassware', 'WINE ?GLASS(?:ES)?|GOBLETS?|CHALICE|CHAMPAGNE|FLUTE|GLASSES|COCKTAIL', table.glassware),
  rule('bottle', 'BOTTLES?|PERFUME|DIFFUSER|ATOMISER|FLASK', kitchen.bottle),
  rule('soap', 'SOAPS?|BATH|SPONGE|SALTS', kitchen.soap),
  rule('money-bank', 'MONEY ?\\w*|PIGGY|BANK', play.moneyBank),
  rule('trinket', 'TRINKET|JEWELLERY|MUSIC BOX|TREASURE', keeping.trinket),
  rule('balloons', 'BALLOONS?', paper.balloonsParty, 'wall'),
  rule('gift-box', 'GIFT BOX(?:ES)?|MATCH ?BOX|PRESENT|PARTY', keeping.giftBox),
  rule('box', 'BOX(?:ES)?|CHESTS?|CRATE|TIDY|BIN|CONTAINER|CANISTER|HOLDALL', keeping.box),
  rule('tin', 'TINS?', kitchen.tin),
  rule('blocks', 'BLOCKS?|SKITTLES|BUILDING BLOCK|SPINNING TOP|YO ?YO|PLAYHOUSE', play.blocks),
  rule('letter-tile', 'NUMBER|LETTERS?(?! RACK| HOLDER)|ALPHABET|WORD', home.letterTile, 'wall'),
  rule('mirror', 'MIRRORS?(?! STRING)', home.mirror, 'wall'),
  rule('frame', 'FRAMES?|PHOTO|PORTRAIT|PHOTO CUBE', home.frame, 'wall'),
  rule('wall-art', 'WALL ART|PICTURES?|PRINTS?|CANVAS|POSTERS?|ARTWORK|STRING ART', home.wallArt, 'wall'),
  rule('knob', '(?:DRAWER ?)?KNOBS?|DOOR ?KNOB|HANDLE', home.knob, 'flat'),
  rule('hooks', 'HOOKS?|HANGERS?|COAT RACK|PEG|RACK', home.hooks, 'wall'),
  rule(
    'cabinet',
    'CABINETS?|DRAWERS?|CUPBOARD|CHEST OF|CHAIRS?|TABLE|STOOLS?|BENCH|DRESSER',
    keeping.cabinet,
  ),
  rule('shelf', 'SHELF|SHELVES|UNIT', keeping.shelf, 'wall'),
  rule('wicker-heart', 'HEART OF WICKER|WICKER HEART', home.hangingHeart, 'wall'),
  rule('basket', 'BASKETS?|HAMPER|TRUG|PICNIC', keeping.basket),
  rule('watering-can', 'WATERING CANS?', outdoors.wateringCan),
  rule('herb', 'HERBS?|SEEDS?|CRESS|GROW YOUR OWN', kitchen.herbPot),
  rule('bucket', 'BUCKETS?|PAILS?|PLANTERS?', keeping.bucket),
  rule('plant-pot', '(?:PLANT|FLOWER) ?POTS?|POTS?|CACTUS|SUCCULENT', outdoors.plantPot),
  rule('windmill', 'WINDMILLS?|SPINNER|PINWHEEL', outdoors.windmill, 'wall'),
  rule('doily', 'DOIL(?:E?Y|IES)S?', paper.doily, 'flat'),
  rule(
    'bird-house',
    'BIRD ?HOUSES?|HEN HOUSE|BIRD (?:FEEDER|TABLE|BOX)|NEST|BIRDCAGE|CAGE',
    outdoors.birdHouse,
    'wall',
  ),
  rule('curtain', 'CURTAINS?|BEADED|BEADS|STRINGS?|DOOR CURTAIN|TRELLIS', soft.curtain, 'wall'),
  rule('thermometer', 'THERMOMETERS?|BAROMETER', home.thermometer, 'wall'),
  rule('magnets', 'MAGNETS?|MAGNETIC', play.magnets, 'flat'),
  rule('radio', 'RADIO|SPEAKERS?|TV|RECORD|PHONE|CAMERA|IPOD|HEADPHONES', play.radio),
  rule('jigsaw', 'JIGSAWS?|PUZZLES?', play.jigsaw, 'flat'),
  rule('babushka', 'BABUSHKA|RUSSIAN|MATRYOSHKA', play.babushka),
  rule('doll', 'DOLL|DOLLY|DOLLS|GIRL|BALLERINA|PRINCESS|FAIRY', play.doll),
  rule('rocket', 'SPACE ?BOY|ROCKET|ROBOT|PLANE|HELICOPTER|SPACE|ROBOTS', play.rocket),
  rule('teddy', 'TEDDY|BEAR|SOFT TOY|TOYS?|MONKEY|MONSTER|ELEPHANT|DINOSAUR', play.teddy),
  rule('fan', 'FANS?', play.fan, 'wall'),
  rule('cracker', 'CRACKERS?', festive.cracker, 'flat'),
  rule('stocking', 'STOCKINGS?', festive.stocking, 'wall'),
  rule('wreath', 'WREATHS?', festive.wreath, 'wall'),
  rule('bauble', 'BAUBLES?|CHRISTMAS BALLS?|BALLS?|DROPLET|FLOCK DROP', festive.bauble, 'wall'),
  rule('snowman', 'SNOWM[AE]N|SNOW ?GLOBE|PENGUIN|SANTA|REINDEER|RUDOLPH', festive.snowman),
  rule('angel', 'ANGELS?|CHERUB|NATIVITY', festive.angel),
  rule('bells', 'BELLS?|CHIME|WIND ?CHIMES?', festive.bell, 'wall'),
  rule('tree', 'TREES?', festive.christmasTree),
  rule('egg', 'EGGS?', outdoors.egg),
  rule('hen', 'HENS?|CHICKS?|CHICKENS?|COCKEREL|DUCK|GOOSE', outdoors.hen),
  rule('rabbit', 'RABBITS?|BUNN(?:Y|IES)|HARE', outdoors.rabbit),
  rule('owl', 'OWLS?', outdoors.owl),
  rule('cat', 'CATS?|KITTENS?', outdoors.cat),
  rule('dog', 'DOGS?|DOGGY|PUPP(?:Y|IES)|POODLE|SCOTTIE|SCOTTY|FOX', outdoors.dog),
  rule('toadstool', 'TOADSTOOLS?|MUSHROOMS?|GNOME', outdoors.toadstool),
  rule('ornament', "BIRD ORNAMENT|ORNAMENTS?|PAPERWEIGHT|P'?WEIGHT|FIGURE|FIGURINE", home.ornament),
  rule('bird', 'BIRDS?|DOVES?|PARROT|SWALLOWS?|PEACOCK|ROBIN|LOVEBIRDS?', outdoors.bird, 'wall'),
  rule('butterfly', "BUTTERFL(?:Y|IES)|B'?FLY|DRAGONFLY|BEES?|LADYBIRD", outdoors.butterfly, 'flat'),
  rule('shell', 'SHELLS?|SEASIDE|STARFISH', outdoors.shellMotif),
  rule('heart', 'HEARTS?|LOVE|SWEETHEART|VALENTINE', home.hangingHeart, 'wall'),
  rule('star', 'STARS?|SNOWFLAKES?', home.star3d, 'wall'),
  rule(
    'art-flower',
    'FLOWERS?|ROSES?|POPP(?:Y|IES)|DAIS(?:Y|IES)|TULIPS?|LILY|SUNFLOWER|ORCHID|BOUQUET|HYACINTH|CHRYSANTHEMUMS',
    outdoors.artFlower,
    'wall',
  ),
  rule('glass', 'GLASS', table.glassware),
  rule('vase', 'VASES?|URN|CERAMIC|PORCELAIN', home.vase),
  rule('tea', 'TEA|COFFEE', table.mug),
  rule('craft', 'CRAFT|FELTCRAFT|KIT|FELT|FABRIC|MAKE YOUR OWN|PAINT', play.sewing),
  rule('card', 'CARDS?|LETTER', paper.card, 'flat'),
  rule('decoration', 'DECORATIONS?|DEC|HANGING', festive.bauble, 'wall'),
  rule('paper', 'PAPER|SHEETS?|PACK', paper.napkins, 'flat'),
]

const FALLBACKS: readonly [MotifRule, ...MotifRule[]] = [
  rule('fallback-gift', '', keeping.giftBox),
  rule('fallback-vase', '', home.vase),
  rule('fallback-box', '', keeping.box),
  rule('fallback-ornament', '', home.ornament),
  rule('fallback-tin', '', kitchen.tin),
]

/** Chooses the rule for an upper-case title; `hash` decides where no word says anything. */
export function motifFor(title: string, hash: number): MotifRule {
  return (
    MOTIF_RULES.find(({ words }) => words.test(title)) ?? FALLBACKS[hash % FALLBACKS.length] ?? FALLBACKS[0]
  )
}
