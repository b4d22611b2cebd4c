import type { Page } from 'playwright-core';
import type { ShownRuns } from './make-runs.ts';

/** One page as a picture shows it. */
export interface Shot {
  /** Of the file, before the theme. */
  readonly name: string;
  readonly address: string;
  /** A selector of what must be there first. */
  readonly ready: string;
  readonly act?: (page: Page) => Promise<void>;
}

/** Every page, with runs that show what it is for. */
export function shots({ mlm, hard, soft, tuned, sweep, pipelines }: ShownRuns): Shot[] {
  const [tunedMlm = ''] = tuned;
  const superGlue = `#/superglue?pipeline=${pipelines.pretrained}&with=${pipelines.fresh}`;
  return [
    { name: 'runs', address: '#/runs', ready: '[role=grid] [role=row][id]:not([aria-busy])' },
    { name: 'new-run', address: '#/new', ready: 'main h1' },
    { name: 'run', address: `#/runs/${hard}`, ready: 'article canvas' },
    { name: 'run-fine-tuned', address: `#/runs/${tunedMlm}`, ready: 'article canvas' },
    {
      name: 'run-checkpoints',
      address: `#/runs/${hard}?tab=checkpoints`,
      ready: 'article table',
      act: (page) => page.getByRole('button', { name: 'Export Latest' }).click(),
    },
    { name: 'run-configuration', address: `#/runs/${hard}?tab=configuration`, ready: 'article table' },
    { name: 'teacher-examples', address: `#/examples?runs=${hard},${soft}`, ready: 'main h1' },
    { name: 'compare', address: `#/compare?runs=${[mlm, hard, soft].join(',')}`, ready: 'main canvas' },
    { name: 'compare-sweep', address: `#/compare?runs=${sweep.join(',')}&tab=config`, ready: 'main table' },
    { name: 'two-moons', address: `#/two-moons?runs=${tuned.join(',')}&settings=all`, ready: 'main canvas' },
    { name: 'superglue', address: `${superGlue}&tab=scores`, ready: 'main table' },
    { name: 'superglue-runs', address: superGlue, ready: 'main table' },
    { name: 'superglue-examples', address: `${superGlue}&tab=examples&task=WiC`, ready: 'main [role=option]' },
    { name: 'superglue-new', address: '#/superglue?new=1&start=fresh&smoke=1', ready: 'main [type=checkbox]' },
    { name: 'data', address: '#/data', ready: 'main h1', act: showSample },
    { name: 'data-tokenizer', address: '#/data?show=tokenizer%2Fsample', ready: 'main ol > li' },
    { name: 'settings', address: '#/settings', ready: 'main h1' },
  ];
}

/** The shipped data, which the first picture brings in. */
async function showSample(page: Page): Promise<void> {
  const sample = page.getByRole('link', { name: 'sample' }).first();
  const bring = page.getByRole('button', { name: 'Add the sample' });
  await sample.or(bring).waitFor();
  if (await bring.isVisible()) await bring.click();
  await page.getByText('1–10 of').first().waitFor();
}
