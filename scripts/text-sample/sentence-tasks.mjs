// @ts-check
/** CB and COPA: what somebody holds of a sentence, and what makes what happen. */
import { distinct, EXAMPLES, splitRows } from './splits.mjs';

/**
 * @typedef {import('./random.mjs').Random} Random
 * @typedef {import('./world.mjs').World} World
 */

/** What comes before a clause says whether it holds. */
const HELD = {
  entailment: ['I know that', 'Everybody saw that', 'She was glad to learn that', 'It is true that'],
  contradiction: ['Nobody believes that', 'It is false that', 'They were wrong to say that', 'I never said that'],
  neutral: ['I wonder whether', 'Perhaps', 'He asked me if', 'They hope that'],
};
const DONE = [
  'baked the bread',
  'crossed the bridge',
  'sold the boat',
  'rang the bell',
  'fed the geese',
  'lit the lamps',
  'painted the door',
  'read the letter',
];
const OPENINGS = [
  'B: Well, it was late.',
  'A: Were you there? B: Yes, I was.',
  'It rained all day.',
  'Uh, let me think.',
];

/** @type {(random: Random, world: World) => ReturnType<typeof splitRows>} */
export function cb(random, { people }) {
  const labels = random.balanced(/** @type {const} */ (['entailment', 'contradiction', 'neutral']), EXAMPLES);
  const rows = distinct(EXAMPLES, (i) => {
    const label = labels[i] ?? 'neutral';
    const clause = `${random.pick(people).name} ${random.pick(DONE)}`;
    return { premise: `${random.pick(OPENINGS)} ${random.pick(HELD[label])} ${clause}.`, hypothesis: clause, label };
  });
  return splitRows(rows);
}

/** Cause and effect; N stands for a name. */
const PAIRS = /** @type {const} */ ([
  ['N dropped the cup.', 'The cup broke.'],
  ['It rained all night.', 'The street was wet.'],
  ['N forgot the bread in the oven.', 'The bread burned.'],
  ['The river froze.', 'Children skated under the bridge.'],
  ['N lost the key.', 'N could not open the door.'],
  ['The wind blew out the lamp.', 'The room became dark.'],
  ['N walked all day.', 'The feet of N hurt.'],
  ['N told a funny story.', 'Everyone laughed.'],
  ['The cow ate the flowers.', 'The gardener was angry.'],
  ['N did not water the plants.', 'The plants died.'],
  ['The school bell rang.', 'The children ran home.'],
  ['N left the window open.', 'A bird flew into the house.'],
  ['The bridge fell down.', 'People crossed the river by boat.'],
  ['N sang out of tune.', 'The guests covered their ears.'],
  ['N put too much salt in the soup.', 'Nobody finished the soup.'],
  ['The rope tore.', 'The boat drifted away.'],
]);

/** @type {(random: Random, world: World) => ReturnType<typeof splitRows>} */
export function copa(random, { people }) {
  const labels = random.balanced([0, 1], EXAMPLES);
  const rows = distinct(EXAMPLES, (i) => {
    const label = labels[i] ?? 0;
    const name = random.pick(people).first;
    const pair = random.pick(PAIRS);
    const other = random.pickOther(PAIRS, pair);
    const isEffect = random.integer(2) === 0;
    const named = (/** @type {string} */ text) => text.replace(/\bN\b/g, name);
    const [premise, right, wrong] = (isEffect ? [pair[0], pair[1], other[1]] : [pair[1], pair[0], other[0]]).map(named);
    const [choice1, choice2] = label === 0 ? [right, wrong] : [wrong, right];
    return { premise, choice1, choice2, question: isEffect ? 'effect' : 'cause', label };
  });
  return splitRows(rows);
}
