import type { PresetView } from '../../../src-shared/ipc/run-views.ts';

/** By what presets differ at a glance, as words to choose among. */
export interface PresetFacets {
  /** "Two Moons", "Random text". */
  readonly data: string;
  /** "Masked language modeling", "Soft labels, denoising". */
  readonly objective: string;
  readonly size: PresetSize;
}

export const PRESET_SIZES = ['The report’s settings', 'Smoke test'] as const;
export type PresetSize = (typeof PRESET_SIZES)[number];

const DATA_NAMES: Readonly<Record<string, string>> = {
  'two-moons': 'Two Moons',
  text: 'Text',
  'random-text': 'Random text',
};
const OBJECTIVE_NAMES = {
  mlm: 'Masked language modeling',
  hard: 'Hard labels',
  soft: 'Soft labels',
  finetune: 'Fine-tuning',
} as const;

export function facetsOf({ name, config }: PresetView): PresetFacets {
  return {
    data: DATA_NAMES[config.data.kind] ?? config.data.kind,
    objective: `${OBJECTIVE_NAMES[config.objective]}${config.meta.denoising ? ', denoising' : ''}`,
    size: name.endsWith('-smoke') ? 'Smoke test' : 'The report’s settings',
  };
}

/** The values a facet has among the presets, in their order. */
export function choicesOf<Key extends keyof PresetFacets>(
  presets: readonly PresetView[],
  key: Key,
  given: Partial<PresetFacets> = {},
): PresetFacets[Key][] {
  const matching = presets.map(facetsOf).filter((facets) => agrees(facets, given));
  return [...new Set(matching.map((facets) => facets[key]))];
}

/** Presets that differ in something else (the number of labels), in their order. */
export function variantsOf(presets: readonly PresetView[], facets: PresetFacets): PresetView[] {
  return presets.filter((preset) => agrees(facetsOf(preset), facets));
}

/**
 * The preset after one facet was chosen: the one that keeps most of the others, the data first; undefined where none has the
 * chosen value.
 */
export function presetWith(
  presets: readonly PresetView[],
  present: PresetFacets,
  chosen: Partial<PresetFacets>,
): PresetView | undefined {
  const wanted = { ...present, ...chosen };
  const score = (preset: PresetView): number => {
    const facets = facetsOf(preset);
    return (
      (facets.data === wanted.data ? 4 : 0) +
      (facets.objective === wanted.objective ? 2 : 0) +
      (facets.size === wanted.size ? 1 : 0)
    );
  };
  return presets
    .filter((preset) => agrees(facetsOf(preset), chosen))
    .reduce<PresetView | undefined>(
      (best, preset) => (best === undefined || score(preset) > score(best) ? preset : best),
      undefined,
    );
}

function agrees(facets: PresetFacets, given: Partial<PresetFacets>): boolean {
  return (Object.keys(given) as (keyof PresetFacets)[]).every((key) => facets[key] === given[key]);
}
