/** Colours of the series, by number of `--series-N`; Okabe-Ito. */
export const SERIES_COLORS = 6;
/** The second cue: dash patterns in CSS pixels, one per round through the colours. */
export const DASHES: readonly (readonly number[])[] = [[], [6, 3], [2, 2], [8, 3, 2, 3]];

export interface RunLook {
  /** 1..6: the custom property `--series-N`. */
  readonly series: number;
  readonly dash: readonly number[];
}

/**
 * How a run is drawn, on every page alike: a function of its id alone, so that it stays with the run. Where several runs are
 * drawn together, `looksOf` moves those that would look the same.
 */
export function lookOf(runId: string): RunLook {
  return looks[hash(runId) % SERIES_COLORS] ?? { series: 1, dash: [] };
}

/** Looks for runs drawn together, in the order given: each its own, or the next free colour, solid lines first. */
export function looksOf(runIds: readonly string[]): Map<string, RunLook> {
  const taken = new Set<number>();
  const found = new Map<string, RunLook>();
  for (const runId of runIds) {
    const start = hash(runId) % SERIES_COLORS;
    const order = looks.map((_look, i) => i - (i % SERIES_COLORS) + ((start + i) % SERIES_COLORS));
    const at = order.find((look) => !taken.has(look)) ?? start;
    taken.add(at);
    found.set(runId, looks[at] ?? { series: 1, dash: [] });
  }
  return found;
}

const looks: readonly RunLook[] = DASHES.flatMap((dash) =>
  Array.from({ length: SERIES_COLORS }, (_, i) => ({ series: i + 1, dash })),
);

function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return value;
}
