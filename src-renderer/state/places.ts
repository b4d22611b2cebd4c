import type { Place } from './route.svelte.ts';

export const PLACE_TITLES: Readonly<Record<Place, string>> = {
  runs: 'Runs',
  new: 'New run',
  run: 'Run',
  queue: 'Queue',
  examples: 'Teacher examples',
  compare: 'Compare',
  'two-moons': 'Two Moons',
  superglue: 'SuperGLUE',
  data: 'Data',
  settings: 'Settings',
};
