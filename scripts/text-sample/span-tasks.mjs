// @ts-check
/** WiC, WSC and ReCoRD: tasks that point into their texts, by code points or words. */
import { factsOfPerson, factsOfTown } from './facts.mjs';
import { distinct, EXAMPLES, SIZES, splitRows } from './splits.mjs';
import { SENSES } from './word-senses.mjs';

/**
 * @typedef {import('./random.mjs').Random} Random
 * @typedef {import('./world.mjs').World} World
 */

/** @param {string} text */
const points = (text) => Array.from(text).length;

/**
 * A sentence without its underscores, and where the word between them is, [start, end) in code points.
 * @param {string} marked
 */
function takeWord(marked) {
  const [before = '', word = '', after = ''] = marked.split('_');
  return { sentence: before + word + after, start: points(before), end: points(before + word) };
}

/** @type {(random: Random) => ReturnType<typeof splitRows>} */
export function wic(random) {
  const labels = random.balanced([true, false], EXAMPLES);
  const words = Object.keys(SENSES);
  const rows = distinct(
    EXAMPLES,
    (i) => {
      const label = labels[i] ?? true;
      const word = random.pick(words);
      const senses = SENSES[word] ?? [];
      const sense = random.pick(senses);
      const first = random.pick(sense);
      const second = random.pickOther(label ? sense : random.pickOther(senses, sense), first);
      const [a, b] = [takeWord(first), takeWord(second)];
      const offsets = { start1: a.start, start2: b.start, end1: a.end, end2: b.end };
      return { word, sentence1: a.sentence, sentence2: b.sentence, label, ...offsets, version: 1.1 };
    },
    ({ sentence1, sentence2 }) => [sentence1, sentence2].sort(),
  );
  return splitRows(rows);
}

/** A and B are two people, P the pronoun; the name says whom it means. */
const PRONOUNS = {
  A: [
    'A thanked B warmly because P was grateful.',
    'A asked B for help because P was too weak to row.',
    'A hid from B since P had stolen the apples.',
    'A called B, but P got no answer.',
  ],
  B: [
    'A thanked B warmly because P had helped.',
    'A carried B home because P was too weak to walk.',
    'A punished B since P had stolen the apples.',
    'A called B, but P did not hear it.',
  ],
};
const PEOPLE = ['The baker', 'The old doctor', 'The gardener', 'The boat builder', 'The painter', 'The teacher'];

/** @type {(random: Random) => ReturnType<typeof splitRows>} */
export function wsc(random) {
  const labels = random.balanced([true, false], EXAMPLES);
  const rows = distinct(EXAMPLES, (i) => {
    const label = labels[i] ?? true;
    const meant = random.pick(/** @type {const} */ (['A', 'B']));
    const asked = label ? meant : meant === 'A' ? 'B' : 'A';
    const first = random.pick(PEOPLE);
    const names = { A: first, B: random.pickOther(PEOPLE, first).toLowerCase() };
    const pronoun = random.pick(['he', 'she']);
    // every eighth begins with a quotation mark, so that no text begins with its span: as some official rows
    const quote = i % 8 === 7 ? '"' : '';
    const said = `${quote}${random.pick(PRONOUNS[meant])}${quote}`.split(' ');
    let [text, count] = ['', 0];
    const places = { A: 0, B: 0, P: 0 };
    for (const word of said) {
      const name = /\b[ABP]\b/.exec(word)?.[0];
      if (name === 'A' || name === 'B' || name === 'P') places[name] = count;
      const filled = word.replace(/\bA\b/, names.A).replace(/\bB\b/, names.B).replace(/\bP\b/, pronoun);
      text += `${text === '' ? '' : ' '}${filled}`;
      count += filled.split(' ').length;
    }
    const target = { span2_index: places.P, span1_index: places[asked], span1_text: names[asked], span2_text: pronoun };
    return { text, target, label };
  });
  return splitRows(rows);
}

/**
 * A passage in which names stand between braces, as text and ranges (code points, end inclusive).
 * @param {string} marked
 */
function takeNames(marked) {
  /** @type {{ start: number, end: number, text: string }[]} */
  const names = [];
  let text = '';
  for (const [i, part] of marked.split(/[{}]/).entries()) {
    if (i % 2 === 1) names.push({ start: points(text), end: points(text + part) - 1, text: part });
    text += part;
  }
  return { text, names };
}

/** Queries of a passage. */
const QUERIES = 2;

/** @type {(random: Random, world: World) => ReturnType<typeof splitRows>} */
export function record(random, world) {
  const { people } = world;
  const reports = distinct(EXAMPLES / QUERIES, () => {
    const person = random.pick(people);
    const other = random.pickOther(people, person);
    const town = random.pickOther(world.towns, person.home);
    const [river] = factsOfTown(town, world);
    const [home] = factsOfPerson(person, world);
    if (river === undefined || home === undefined) throw new Error('towns have rivers, people have homes');
    const marked =
      `(${random.pick(['Evening Post 📰', 'River Herald 🗞️'])}) {${person.name}}, a ${person.trade}, came to {${town.name}} on Monday. ` +
      `{${person.family}} was born in {${person.home.name}} and plays the ${person.instrument}. ` +
      `{${town.name}} lies on the river {${town.river.name}}. “We are proud,” said {${other.name}}, the mayor.\n@highlight\n` +
      `{${other.name}} gives {${person.name}} the key of {${town.name}}`;
    return {
      marked,
      queries: [
        { query: home.restated('@placeholder'), answer: person.home.name },
        { query: river.restated('@placeholder'), answer: town.river.name },
        { query: `The mayor, @placeholder, welcomed the ${person.trade}`, answer: other.name },
        { query: `The visitor, @placeholder, was given a key`, answer: person.name },
      ],
    };
  });
  let from = 0;
  const split = (/** @type {number} */ count, /** @type {boolean} */ isLabeled) => {
    const taken = reports.slice(from, (from += count / QUERIES));
    return taken.map(({ marked, queries }, idx) => {
      const { text, names } = takeNames(marked);
      const entities = names.map(({ start, end }) => ({ start, end }));
      const qas = random
        .shuffled(queries)
        .slice(0, QUERIES)
        .map(({ query, answer }, i) => {
          const answers = isLabeled ? { answers: names.filter((name) => name.text === answer) } : {};
          return { query, ...answers, idx: QUERIES * idx + i };
        });
      return { source: 'Sample', passage: { text, entities }, qas, idx };
    });
  };
  return { train: split(SIZES.train, true), val: split(SIZES.val, true), test: split(SIZES.test, false) };
}
