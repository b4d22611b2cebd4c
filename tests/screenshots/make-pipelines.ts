import type { PageClient } from './page-client.ts';
import { ended, until } from './until.ts';

export interface ShownPipelines {
  /** Of a pretrained student, and of one without pretraining. */
  readonly pretrained: string;
  readonly fresh: string;
}

const GRID = { tasks: ['CB', 'RTE', 'WiC'] as ('CB' | 'RTE' | 'WiC')[], learningRates: [0.04, 0.01] };

/** Two small pipelines on the shipped sample, one after the other. */
export async function makePipelines(client: PageClient): Promise<ShownPipelines> {
  const run = await client.request('runs.start', {
    base: { preset: 'text-mlm-smoke', overrides: {} },
    name: 'Text, MLM',
  });
  await ended(client, [run]);
  const start = async (from: { runId: string } | null, name: string): Promise<string> => {
    const { summary } = await client.request('superglue.start', {
      ...GRID,
      from,
      name,
      superglue: 'sample',
      isSmoke: true,
    });
    const { pipelineId } = summary;
    await until(async () => {
      const { status } = (await client.request('superglue.get', { pipelineId })).summary;
      if (status === 'incomplete') throw new Error(`${name} ended early.`);
      return status === 'finished';
    });
    return pipelineId;
  };
  const fresh = await start(null, 'Without pretraining');
  return { fresh, pretrained: await start({ runId: run.runId }, 'Pretrained with MLM') };
}
