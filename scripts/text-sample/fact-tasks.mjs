// @ts-check
/** BoolQ, RTE and MultiRC: what a passage about a town or a person says, and what it does not. */
import { factsOfPerson, factsOfTown } from './facts.mjs';
import { distinct, EXAMPLES, SIZES, splitRows } from './splits.mjs';

/**
 * @typedef {import('./random.mjs').Random} Random
 * @typedef {import('./world.mjs').World} World
 */

/**
 * The facts of somebody or some town, in any order, and a passage of `sentences` of them.
 * @param {Random} random
 * @param {World} world
 * @param {number} sentences
 */
function describe(random, world, sentences) {
  const ofTown = random.integer(2) === 0;
  const all = ofTown ? factsOfTown(random.pick(world.towns), world) : factsOfPerson(random.pick(world.people), world);
  const facts = random.shuffled(all).slice(0, sentences);
  return { facts, passage: facts.map((fact) => fact.said(fact.value)).join(' ') };
}

/** @type {(random: Random, world: World) => ReturnType<typeof splitRows>} */
export function boolq(random, world) {
  const labels = random.balanced([true, false], EXAMPLES);
  const rows = distinct(EXAMPLES, (i) => {
    const { facts, passage } = describe(random, world, 3);
    const { yesNo, value, values } = random.pick(facts);
    const label = labels[i] ?? true;
    return { question: yesNo(label ? value : random.pickOther(values, value)).toLowerCase(), passage, label };
  });
  return splitRows(rows);
}

/** @type {(random: Random, world: World) => ReturnType<typeof splitRows>} */
export function rte(random, world) {
  const labels = random.balanced(['entailment', 'not_entailment'], EXAMPLES);
  const rows = distinct(EXAMPLES, (i) => {
    const { facts, passage } = describe(random, world, 2);
    const { restated, value, values } = random.pick(facts);
    const label = labels[i];
    return {
      premise: passage,
      hypothesis: restated(label === 'entailment' ? value : random.pickOther(values, value)),
      label,
    };
  });
  return splitRows(rows);
}

/** Answers of each question of a passage; passages take turns. */
const ANSWERS = [[2, 2], [4]];

/** @type {(random: Random, world: World) => ReturnType<typeof splitRows>} */
export function multirc(random, world) {
  const used = distinct(
    EXAMPLES / 4,
    () => describe(random, world, 3),
    ({ passage }) => passage,
  );
  let from = 0;
  const split = (/** @type {number} */ answers, /** @type {boolean} */ isLabeled) => {
    const passages = used.slice(from, (from += answers / 4));
    let [question, answer] = [0, 0];
    return passages.map(({ facts, passage }, idx) => ({
      idx,
      version: 1.1,
      passage: {
        text: passage,
        questions: (ANSWERS[idx % ANSWERS.length] ?? []).map((count, i) => {
          const fact = facts[i];
          if (fact === undefined) throw new Error('a passage has a fact for every question');
          const { value, values, asked, restated } = fact;
          const wrong = random.shuffled([...new Set(values)].filter((other) => other !== value)).slice(0, count / 2);
          const right = [value, restated(value)].slice(0, count / 2);
          const texts = random.shuffled([...right, ...wrong]);
          const answers = texts.map((text) => {
            const label = isLabeled ? { label: right.includes(text) ? 1 : 0 } : {};
            return { text, idx: answer++, ...label };
          });
          return { question: asked, idx: question++, answers };
        }),
      },
    }));
  };
  return { train: split(SIZES.train, true), val: split(SIZES.val, true), test: split(SIZES.test, false) };
}
