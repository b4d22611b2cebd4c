// @ts-check
/** Short articles about the world: 600 of them, of seven kinds. */
import { factsOfPerson, factsOfTown } from './facts.mjs';

/**
 * @typedef {import('./random.mjs').Random} Random
 * @typedef {import('./world.mjs').World} World
 * @typedef {{ title: string, text: string }} Article
 */

const ANIMALS = ['heron', 'otter', 'hare', 'fox', 'newt', 'owl', 'goose', 'beetle', 'pike', 'toad'];
const COLOURS = ['grey', 'red', 'white', 'marsh', 'tawny', 'lesser', 'river', 'hill'];
const FOODS = ['small fish', 'seeds and grass', 'snails and worms', 'berries'];
const BUILDINGS = ['mill', 'library', 'clock tower', 'school', 'market hall', 'bath house'];
const FEASTS = ['lantern', 'bread', 'kite', 'herring', 'first snow', 'midsummer'];
const MONTHS = ['March', 'May', 'July', 'September', 'November'];
const WORKS = ['Song', 'Winter', 'Letters', 'Garden', 'Night', 'Voyage', 'Bridge', 'Children', 'Silence', 'Return'];

/** @param {string} text */
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * @param {Random} random
 * @param {readonly (string | readonly string[])[]} parts sentences, or several of which one is taken
 */
const paragraph = (random, parts) =>
  parts.map((part) => (typeof part === 'string' ? part : random.pick(part))).join(' ');

/**
 * Three things that are true of a town.
 * @param {Random} random
 * @param {import('./world.mjs').Town} town
 * @param {World} world
 */
function aboutTown(random, town, world) {
  const facts = random.shuffled(factsOfTown(town, world)).slice(0, 3);
  return facts.map(({ said, restated, value }) => random.pick([said, restated])(value));
}

/** @type {(random: Random, world: World) => Article[]} */
function townArticles(random, world) {
  return world.towns.map((town) => {
    const { name, river, stone, people } = town;
    const known = world.people.filter(({ home }) => home === town).slice(0, 2);
    const [, goods, emblem, founded] = factsOfTown(town, world);
    if (!goods || !emblem || !founded) throw new Error('a town has four facts');
    const text = paragraph(random, [
      `${name} is a town of ${people} people in ${river.region}.`,
      [
        `It lies on the river ${river.name}, which runs to ${river.sea}.`,
        `The river ${river.name} flows through it to ${river.sea}.`,
      ],
      founded.said(founded.value),
      [`Its old bridge is built of ${stone}.`, `A bridge of ${stone} leads over the river.`],
      goods.said(goods.value),
      [
        `Every week boats carry the ${town.goods} down the river to ${river.sea}.`,
        `The ${town.goods} of ${name} is sold in all of ${river.region}.`,
      ],
      emblem.said(emblem.value),
      [
        `In winter the river freezes, and children skate under the bridge.`,
        `In spring the river floods the low meadows, and the farmers move their sheep.`,
      ],
      ...known.flatMap((person) => factsOfPerson(person, world).map((fact) => fact.restated(fact.value))),
    ]);
    return { title: name, text };
  });
}

/** @type {(random: Random, world: World) => Article[]} */
function personArticles(random, world) {
  return world.people.map((person) => {
    const { name, family, pronoun, trade, home, born, instrument } = person;
    const [own, who] = pronoun === 'she' ? ['her', 'daughter'] : ['his', 'son'];
    const parent = random.pick(['baker', 'miller', 'fisher', 'weaver']);
    const facts = factsOfPerson(person, world);
    const text = paragraph(random, [
      `${name} (born ${born}) was a ${trade} from ${home.name}.`,
      [
        `${capital(pronoun)} was the ${who} of a ${parent}.`,
        `${capital(own)} father was a ${parent}, and ${own} mother sold ${home.goods}.`,
      ],
      ...random.shuffled(facts).map((fact) => fact.said(fact.value)),
      `At the age of ${20 + random.integer(10)}, ${family} opened a workshop near the bridge of ${home.stone}.`,
      [
        `The people of ${home.name} still remember ${own} kindness.`,
        `A street in ${home.name} is named after ${name}.`,
      ],
      `${capital(pronoun)} taught ${2 + random.integer(9)} pupils to play the ${instrument}, and all of them loved the river ${home.river.name}.`,
      [
        `${family} never left ${home.river.region}.`,
        `${family} once travelled to ${home.river.sea} and wrote about it.`,
      ],
    ]);
    return { title: name, text };
  });
}

/** @type {(random: Random, world: World) => Article[]} */
function riverArticles(random, { rivers, towns }) {
  return rivers.map(({ name, region, sea, miles }) => {
    const onIt = towns.filter((town) => town.river.name === name).map((town) => town.name);
    const text = paragraph(random, [
      `The ${name} is a river in ${region}.`,
      `It is ${miles} miles long and runs from the hills to ${sea}.`,
      ...onIt.map((town) => `The ${name} flows through ${town}.`),
      [`Its water is cold and clear.`, `Its water is brown after rain.`],
      `Boats have carried goods on the ${name} for hundreds of years.`,
    ]);
    return { title: `${name} (river)`, text };
  });
}

/** @type {(random: Random, world: World) => Article[]} */
function creatureArticles(random, { rivers }) {
  const kinds = COLOURS.flatMap((colour) =>
    ANIMALS.map((animal, i) => ({ colour, animal, food: FOODS[i % FOODS.length] ?? '' })),
  );
  return kinds.map(({ colour, animal, food }) => {
    const { name, region } = random.pick(rivers);
    const text = paragraph(random, [
      `The ${colour} ${animal} is an animal of ${region}.`,
      `It lives along the river ${name} and eats ${food}.`,
      [`The ${animal} sleeps by day and is seen at night.`, `The ${animal} is seen in the early morning.`],
      `A ${colour} ${animal} grows to about ${5 + random.integer(60)} centimetres.`,
      `In ${random.pick(MONTHS)} it builds a nest and has ${2 + random.integer(6)} young.`,
      `Farmers say that a ${colour} ${animal} near the house brings good luck.`,
      [
        `There are fewer of them than before, because the meadows are dry.`,
        `There are more of them than before, because the water is clean again.`,
      ],
    ]);
    return { title: `${capital(colour)} ${animal}`, text };
  });
}

/** @type {(random: Random, world: World) => Article[]} */
function feastArticles(random, world) {
  return world.towns.map((town) => {
    const { name, goods, emblem, river } = town;
    const feast = random.pick(FEASTS);
    const text = paragraph(random, [
      `The ${feast} feast of ${name} is held every ${random.pick(MONTHS)}.`,
      `Each house hangs out a cloth with the sign of the town, the ${emblem}.`,
      [
        `Children run to the river ${river.name} with paper boats.`,
        `Old people sit by the river ${river.name} and sing.`,
      ],
      `The makers of ${goods} give their best pieces away.`,
      `“Who comes late eats last,” they say in ${name}.`,
      [`At midnight all the lamps are put out.`, `At midnight the bells ring and everyone goes home.`],
      `About ${100 * (2 + random.integer(50))} guests come from the rest of ${river.region}.`,
      ...aboutTown(random, town, world),
    ]);
    return { title: `${capital(feast)} feast of ${name}`, text };
  });
}

/** @type {(random: Random, world: World) => Article[]} */
function buildingArticles(random, world) {
  return world.towns.map((town) => {
    const { name, stone, founded, river } = town;
    const building = random.pick(BUILDINGS);
    const builder = random.pick(world.people);
    const text = paragraph(random, [
      `The ${building} of ${name} is a house of ${stone} on the river ${river.name}.`,
      `It was built in ${founded + 50 + random.integer(100)}, long after the town was founded in ${founded}.`,
      `${builder.name}, a ${builder.trade} from ${builder.home.name}, paid for the roof.`,
      [`A fire destroyed it, and the people built it again.`, `A flood reached its door, but the walls held.`],
      `The door is ${2 + random.integer(4)} metres high and made of ${stone === 'oak' ? 'iron' : 'oak'}.`,
      [`Today it is a museum.`, `Today it is still used.`],
      `Visitors climb ${20 + random.integer(200)} steps to see all of ${river.region}.`,
      ...aboutTown(random, town, world),
    ]);
    return { title: `${capital(building)} of ${name}`, text };
  });
}

/** @type {(random: Random, world: World, count: number) => Article[]} */
function workArticles(random, world, count) {
  const titles = WORKS.flatMap((one) => WORKS.filter((other) => other !== one).map((other) => `${one} and ${other}`));
  const more = WORKS.flatMap((one) => ['Old', 'Last', 'Quiet', 'Blue'].map((word) => `The ${word} ${one}`));
  return random
    .shuffled([...titles, ...more])
    .slice(0, count)
    .map((title) => {
      const { name, family, pronoun, home, born, trade } = random.pick(world.people);
      const text = paragraph(random, [
        `“${title}” is a book by ${name}, a ${trade} from ${home.name}.`,
        `${capital(pronoun)} wrote it in ${born + 25 + random.integer(40)}.`,
        `It tells of a ${random.pick(ANIMALS)} that leaves ${home.name} and follows the river ${home.river.name} to ${home.river.sea}.`,
        [`${family} wrote it in one winter.`, `${family} worked on it for ${2 + random.integer(12)} years.`],
        [`Critics praised its short sentences.`, `Critics found it too long.`],
        `The first edition was printed on paper from ${home.river.region}.`,
        `Children in ${home.name} still learn its first page by heart.`,
        ...aboutTown(random, home, world),
      ]);
      return { title, text };
    });
}

const ARTICLES = 600;

/**
 * @param {Random} random
 * @param {World} world
 * @returns {Article[]} in any order, titles distinct
 */
export function makeArticles(random, world) {
  const kinds = [townArticles, personArticles, riverArticles, creatureArticles, feastArticles, buildingArticles];
  const first = kinds.flatMap((make) => make(random, world));
  return random.shuffled([...first, ...workArticles(random, world, ARTICLES - first.length)]);
}
