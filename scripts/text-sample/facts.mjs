// @ts-check
/** What can be said and asked of a town or a person, each in several ways. */
import { EMBLEMS, INSTRUMENTS, TRADES } from './world.mjs';

/**
 * One property of a subject. The functions take a value, the true one or another.
 * @typedef {object} Fact
 * @property {string} value what is true
 * @property {readonly string[]} values what might be
 * @property {boolean} isName whether the values are names
 * @property {(value: string) => string} said
 * @property {(value: string) => string} restated the same in other words
 * @property {(value: string) => string} yesNo a question, as people type them
 * @property {string} asked the question whose answer is the value
 */

/** @param {string} noun */
const article = (noun) => (/^[aeiou]/.test(noun) ? 'an' : 'a');

/**
 * @param {import('./world.mjs').Town} town
 * @param {import('./world.mjs').World} world
 * @returns {Fact[]}
 */
export function factsOfTown({ name, river, goods, emblem, founded }, { rivers, towns }) {
  const years = towns.map((town) => String(town.founded));
  return [
    {
      value: river.name,
      values: rivers.map((other) => other.name),
      isName: true,
      said: (value) => `${name} lies on the river ${value}.`,
      restated: (value) => `The river ${value} flows through ${name}.`,
      yesNo: (value) => `does the river ${value} flow through ${name}`,
      asked: `Which river does ${name} lie on?`,
    },
    {
      value: goods,
      values: [...new Set(towns.map((town) => town.goods))],
      isName: false,
      said: (value) => `The people of ${name} live by making ${value}.`,
      restated: (value) => `${name} makes ${value}.`,
      yesNo: (value) => `is ${value} made in ${name}`,
      asked: `What do the people of ${name} make?`,
    },
    {
      value: emblem,
      values: EMBLEMS,
      isName: false,
      said: (value) => `The sign over the gate of ${name} is ${article(value)} ${value}.`,
      restated: (value) => `A traveller to ${name} sees ${article(value)} ${value} over the gate.`,
      yesNo: (value) => `is the sign of ${name} ${article(value)} ${value}`,
      asked: `What is the sign of ${name}?`,
    },
    {
      value: String(founded),
      values: years,
      isName: false,
      said: (value) => `${name} was founded in ${value}.`,
      restated: (value) => `The first houses of ${name} were built in ${value}.`,
      yesNo: (value) => `was ${name} founded in ${value}`,
      asked: `When was ${name} founded?`,
    },
  ];
}

/**
 * @param {import('./world.mjs').Person} person
 * @param {import('./world.mjs').World} world
 * @returns {Fact[]}
 */
export function factsOfPerson({ name, trade, instrument, home }, { towns }) {
  return [
    {
      value: home.name,
      values: towns.map((town) => town.name),
      isName: true,
      said: (value) => `${name} was born in ${value}.`,
      restated: (value) => `${value} is the birthplace of ${name}.`,
      yesNo: (value) => `was ${name} born in ${value}`,
      asked: `Where was ${name} born?`,
    },
    {
      value: trade,
      values: TRADES,
      isName: false,
      said: (value) => `${name} worked as ${article(value)} ${value}.`,
      restated: (value) => `${name} earned a living as ${article(value)} ${value}.`,
      yesNo: (value) => `was ${name} ${article(value)} ${value}`,
      asked: `What was the trade of ${name}?`,
    },
    {
      value: instrument,
      values: INSTRUMENTS,
      isName: false,
      said: (value) => `In the evenings ${name} played the ${value}.`,
      restated: (value) => `${name} could play the ${value}.`,
      yesNo: (value) => `did ${name} play the ${value}`,
      asked: `Which instrument did ${name} play?`,
    },
  ];
}
