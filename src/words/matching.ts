/**
 * What both screens show for a person to compare, by number (0 to 255). Short things anybody can picture and say aloud; they are English in
 * every language of the app, since the two screens need not be in the same one.
 */
const things = `
  acorn alley amber anchor apple apron arrow autumn badge bagel baker banjo barley basil basket beach
  beaver bench berry bike birch blanket bonfire book boot bottle bowl branch bread breeze brick bridge
  broom brush bucket bugle butter button cabin cactus camel candle canoe carrot castle cedar cello chalk
  cherry chest circus clay cliff clock cloud clover coast cobweb coffee comet copper coral cotton cradle
  crane cricket crown cymbal daisy dance desert dew dolphin donkey door dragon drum duck eagle east
  echo elbow elm ember engine fabric falcon farm feather fence fern fiddle field fig flag flour
  flute forest fork fountain fox frog garden garlic gate ginger glacier glass glove goat gold goose
  grape grass gravel guitar hammer harbor harp hazel hedge helmet hen heron hill honey horse house
  igloo ink iris island ivy jacket jar jelly jigsaw juniper kettle key kite kitten ladder lagoon
  lake lamp lantern lark laurel leaf lemon library lily linen lion lizard loaf lobster lotus magnet
  mango maple marble market meadow melon mint mirror mitten moon moss motor mountain museum mushroom needle
  nest north nutmeg oak ocean olive onion orange orchard otter owl oyster paddle paint palm panda
  paper parrot path peach pear pebble pencil pepper piano picnic pillow pine planet plum pocket pony
  poppy potato pumpkin puzzle quartz quilt rabbit radio rain raven ribbon river robin rocket root rose
  saddle sail salmon sand saturn scarf seal shadow sheep shell silver slipper snow soap sparrow spoon
  stable star stone stove sugar summer swan table teapot thunder tiger tomato tower train tulip violin
`
  .trim()
  .split(/\s+/)

export const matchingWords = (numbers: readonly number[]): string =>
  numbers.map((number) => things[number] ?? '').join(' · ')

/** How many there are to tell apart. */
export const MATCHING_WORDS = things.length
