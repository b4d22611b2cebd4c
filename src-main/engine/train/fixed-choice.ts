import type { TaskExample } from '../data/tasks/task.ts';
import { RandomGenerator } from '../random/random-generator.ts';

/** Which validation examples are evaluated, how they are masked and which are shown is the same for every run. */
export const EVALUATION_SEED = 42;

/** At most `size` indexes below `count`, always the same ones. */
export function fixedChoice(count: number, size: number): Int32Array {
  return new RandomGenerator(EVALUATION_SEED, 'validationOrder').permutation(count).subarray(0, size);
}

/**
 * At most `size` examples, always the same ones; whole groups of examples that belong together (MultiRC: a question's
 * answers), and one at least.
 */
export function chosenExamples(examples: readonly TaskExample[], size: number): readonly TaskExample[] {
  const groups = new Map<string, TaskExample[]>();
  for (const example of examples) {
    const key = example.group === undefined ? `example ${example.idx}` : `group ${example.group}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [example]);
    else group.push(example);
  }
  const all = [...groups.values()];
  const chosen: TaskExample[] = [];
  for (const at of fixedChoice(all.length, all.length)) {
    const group = all[at] ?? [];
    if (chosen.length > 0 && chosen.length + group.length > size) break;
    chosen.push(...group);
  }
  return chosen;
}
