/** What the shop's own buyers chose for its front page, by product id. */

/** The arrangement beside the greeting. */
export const HERO: readonly string[] = ['22423', '47566', '22727', '85099B', '22699']

/** A well-liked selection for shelves without a model. */
export const FAVOURITES: readonly string[] = [
  '85123A', '22423', '47566', '20725', '84879', '22197', '22720', '21212', '22727', '22699', '22086', '22139',
] // prettier-ignore

/** Which product's picture stands for a department: the first whose title has the word. */
export const DEPARTMENT_WORDS: Readonly<Record<string, string>> = {
  'Storage & Furniture': 'Drawer Cabinet',
  'Jewellery & Accessories': 'Necklace',
  Tableware: 'Teacup',
  'Decorations & Ornaments': 'Bird',
  'Stationery & Gift Wrap': 'Pencils',
  'Clocks, Frames & Mirrors': 'Diner Wall Clock',
  'Kitchen & Baking': 'Cake Cases',
  'Lighting & Candles': 'Lantern',
  Christmas: 'Christmas Tree',
  'Bags & Purses': 'Jumbo Bag Pink Polkadot',
  'Toys & Games': 'Teddy',
  'Cushions & Textiles': 'Cushion Cover',
  'Garden & Outdoors': 'Watering Can',
  'Party & Celebration': 'Spotty Bunting',
  'Easter & Spring': 'Bunny',
  'Crafts & Sewing': 'Sewing',
  'Bathroom & Wellbeing': 'Hot Water Bottle',
  'Pets & Baby': 'Baby',
  'More gifts': 'Heart',
}
