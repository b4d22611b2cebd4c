/** A kept step and the room it takes. */
export interface SizedStep {
  readonly step: number;
  readonly bytes: number;
}

/**
 * Which steps to give up so that the rest fits into `budgetBytes`: always one whose neighbours are nearest to each other,
 * the earliest of equals, so that what remains stays about evenly spaced. The first and the last step are never given
 * up. `kept` ascends.
 */
export function stepsToGiveUp(kept: readonly SizedStep[], budgetBytes: number): number[] {
  let total = kept.reduce((sum, { bytes }) => sum + bytes, 0);
  let left = [...kept];
  const givenUp: number[] = [];
  while (total > budgetBytes && left.length > 2) {
    const narrowest = gapsAround(left).reduce((least, gap) => Math.min(least, gap), Infinity);
    const next: SizedStep[] = [];
    left.forEach((entry, index) => {
      const before = next.at(-1);
      const after = left[index + 1];
      const fits = total <= budgetBytes;
      if (fits || before === undefined || after === undefined || after.step - before.step > narrowest) next.push(entry);
      else {
        total -= entry.bytes;
        givenUp.push(entry.step);
      }
    });
    left = next;
  }
  return givenUp;
}

/** Per inner step the distance between its neighbours. */
function gapsAround(steps: readonly SizedStep[]): number[] {
  return steps.slice(1, -1).map((_, index) => (steps[index + 2]?.step ?? 0) - (steps[index]?.step ?? 0));
}
