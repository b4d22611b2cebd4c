// @ts-check
/** Runs checks in order: all of them, whatever an earlier one says. */
import { secondsSince } from '../setup/project.mjs';

/**
 * What a stage says through `print` stays together, whatever runs beside it.
 * @typedef {{ name: string, run: (print: (line: string) => void) => Promise<boolean> }} Stage
 */
/** @typedef {{ name: string, isOk: boolean, time: string }} Outcome */

/**
 * @param {readonly Stage[]} stages
 * @param {(line: string) => void} print
 * @param {number} [atATime] more than one: each stage's lines come when it has ended
 * @returns {Promise<Outcome[]>} in the order of the stages
 */
export async function runStages(stages, print, atATime = 1) {
  /** @type {Outcome[]} */
  const outcomes = [];
  // Shared: each takes the next one.
  const waiting = stages.entries();
  const work = async () => {
    for (const [index, stage] of waiting) {
      /** @type {string[]} */
      const lines = [];
      const say = atATime > 1 ? (/** @type {string} */ line) => void lines.push(line) : print;
      outcomes[index] = await runStage(stage, say);
      for (const line of lines) print(line);
    }
  };
  await Promise.all(Array.from({ length: atATime }, work));
  return outcomes;
}

/**
 * @param {Stage} stage
 * @param {(line: string) => void} print
 * @returns {Promise<Outcome>}
 */
async function runStage({ name, run }, print) {
  print(`\n== ${name}`);
  const startedMs = performance.now();
  let isOk = false;
  try {
    isOk = await run(print);
  } catch (error) {
    print(error instanceof Error ? error.message : String(error));
  }
  const outcome = { name, isOk, time: secondsSince(startedMs) };
  print(`== ${name}: ${isOk ? 'ok' : 'FAILED'} in ${outcome.time}`);
  return outcome;
}
