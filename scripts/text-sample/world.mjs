// @ts-check
/** A small world that never was: its towns, rivers and people, and who belongs to what. */

export const EMBLEMS = ['fish 🐟', 'bell 🔔', 'bee 🐝', 'apple 🍎', 'loaf 🍞', 'owl 🦉', 'whale 🐋', 'key 🔑'];
const REGIONS = ['Ostmark', 'the Pale Coast', 'Høgland', 'Upper Sarn', 'the Marrow Fens', 'Elvé'];
/** Each region's own goods: what a text says of one follows from the other. */
const GOODS = ['glass', 'wool', 'honey', 'paper', 'salt', 'cheese'];
const SEAS = ['the Cold Sea', 'the Bay of Lanterns'];
const STONES = ['granite', 'oak', 'red brick', 'white stone'];
const RIVERS = [
  'Tamme',
  'Orrel',
  'Säve',
  'Lune',
  'Brise',
  'Corwen',
  'Dellé',
  'Yarrow',
  'Quill',
  'Ismer',
  'Mott',
  'Ansel',
];
const TOWN_FRONTS = ['Lör', 'Bran', 'Ost', 'Vel', 'Kar', 'Nor', 'Sel', 'Dun', 'Mir', 'Éla', 'Høl', 'Tarn'];
const TOWN_BACKS = ['vale', 'mouth', 'wick', 'haven', 'ford', 'mere'];
const WOMEN = ['Mara', 'Élise', 'Ingrid', 'Nell', 'Zoë', 'Tilda', 'Runa', 'Ada', 'Bríd', 'Sanna'];
const MEN = ['Ivo', 'Anselm', 'Jörn', 'Tobias', 'Colm', 'Rafe', 'Søren', 'Hugo', 'Edwin', 'Pål'];
const FAMILIES = [
  'Venn',
  'Ashby',
  'Lindqvist',
  'Okoro',
  'Pell',
  'Marchetti',
  'Brook',
  'Dvořák',
  'Hale',
  'Nakamura',
  'Storm',
  'Weir',
];
export const TRADES = ['baker', 'painter', 'teacher', 'boat builder', 'doctor', 'gardener', 'printer', 'singer'];
export const INSTRUMENTS = ['violin', 'flute', 'organ', 'drum', 'harp'];

/**
 * @typedef {object} River
 * @property {string} name
 * @property {string} region
 * @property {string} sea
 * @property {number} miles
 *
 * @typedef {object} Person
 * @property {string} name
 * @property {string} first
 * @property {string} family
 * @property {'she' | 'he'} pronoun
 * @property {string} trade
 * @property {string} instrument
 * @property {number} born
 * @property {Town} home
 *
 * @typedef {object} Town
 * @property {string} name
 * @property {River} river
 * @property {string} goods
 * @property {string} emblem
 * @property {string} stone
 * @property {number} founded
 * @property {number} people
 *
 * @typedef {object} World
 * @property {readonly River[]} rivers
 * @property {readonly Town[]} towns
 * @property {readonly Person[]} people
 */

/**
 * @param {import('./random.mjs').Random} random
 * @returns {World}
 */
export function makeWorld(random) {
  const rivers = RIVERS.map((name, i) => {
    const region = i % REGIONS.length;
    return { name, region: REGIONS[region] ?? '', sea: SEAS[region % 2] ?? '', miles: 20 + random.integer(180) };
  });
  const names = random.shuffled(TOWN_FRONTS.flatMap((front) => TOWN_BACKS.map((back) => front + back)));
  const towns = names.slice(0, 60).map((name) => {
    const river = random.pick(rivers);
    return {
      name,
      river,
      goods: GOODS[REGIONS.indexOf(river.region)] ?? '',
      emblem: random.pick(EMBLEMS),
      stone: random.pick(STONES),
      founded: 1100 + random.integer(600),
      people: 1000 + 100 * random.integer(400),
    };
  });
  const called = [WOMEN, MEN].flatMap((firsts) =>
    firsts.flatMap((first) => FAMILIES.map((family) => ({ first, family }))),
  );
  const people = random
    .shuffled(called)
    .slice(0, 200)
    .map(({ first, family }) => ({
      name: `${first} ${family}`,
      first,
      family,
      pronoun: /** @type {'she' | 'he'} */ (WOMEN.includes(first) ? 'she' : 'he'),
      trade: random.pick(TRADES),
      instrument: random.pick(INSTRUMENTS),
      born: 1800 + random.integer(190),
      home: random.pick(towns),
    }));
  return { rivers, towns, people };
}
