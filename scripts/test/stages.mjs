// @ts-check
/** Runs checks in order: all of them, whatever an earlier one says. */
import { secondsSince } from '../setup/project.mjs';

/** @typedef {{ name: string, run: () => Promise<boolean> }} Stage */
/** @typedef {{ name: string, isOk: boolean, time: string }} Outcome */

/**
 * @param {readonly Stage[]} stages
 * @param {(line: string) => void} print
 * @returns {Promise<Outcome[]>}
 */
export async function runStages(stages, print) {
  const outcomes = [];
  for (const stage of stages) {
    print(`\n== ${stage.name}`);
    const startedMs = performance.now();
    let isOk = false;
    try {
      isOk = await stage.run();
    } catch (error) {
      print(error instanceof Error ? error.message : String(error));
    }
    const outcome = { name: stage.name, isOk, time: secondsSince(startedMs) };
    print(`== ${stage.name}: ${isOk ? 'ok' : 'FAILED'} in ${outcome.time}`);
    outcomes.push(outcome);
  }
  return outcomes;
}
