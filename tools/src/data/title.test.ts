import { describe, expect, it } from 'vitest'
import { tidyTitle } from './title.ts'

describe('tidyTitle', () => {
  it.each([
    ['WHITE HANGING HEART T-LIGHT HOLDER', 'White Hanging Heart T-Light Holder'],
    ['  SET OF 3 CAKE TINS  PANTRY DESIGN ', 'Set of 3 Cake Tins Pantry Design'],
    ["PAPER CHAIN KIT 50'S CHRISTMAS", "Paper Chain Kit 50's Christmas"],
    ['RED WOOLLY HOTTIE WHITE HEART.', 'Red Woolly Hottie White Heart'],
    ['3D DOG PICTURE PLAYING CARDS', '3d Dog Picture Playing Cards'],
    ['FRENCH WC SIGN,BLUE', 'French Wc Sign, Blue'],
    ['Handmade Mug by Ann', 'Handmade Mug by Ann'],
    ['iPhone CASE', 'iPhone CASE'],
    ['LED NIGHT LIGHT', 'LED Night Light'],
  ])('makes %j into %j', (title, tidy) => {
    expect(tidyTitle(title)).toBe(tidy)
  })

  it('takes control characters and line breaks out and cuts at 200 characters', () => {
    expect(tidyTitle('a\u0000b\nc\u2028d')).toBe('a b c d')
    expect(tidyTitle('x'.repeat(500))).toHaveLength(200)
  })
})
