import { describe, expect, it } from 'vitest';
import { studyPlan, studyRows, type StudyOptions } from '../../../src-main/cli/study-plan.ts';
import { studyTable, studyTableText } from '../../../src-main/cli/study-table.ts';

const OPTIONS: StudyOptions = {
  objectives: ['none', 'mlm', 'soft-denoising'],
  labels: [10, 160],
  seeds: 2,
  epochs: 3,
  settings: ['engine.executor=cpu'],
  pretrainingSettings: ['training.epochSize=320'],
  finetuningSettings: ['training.epochs=5'],
  varyData: false,
};

describe('studyPlan', () => {
  it('pretrains once per objective and seed and fine-tunes every row and number of labels from it', () => {
    const plan = studyPlan(OPTIONS);
    expect(plan.map(({ objective, seed, finetunings }) => [objective, seed, finetunings.length])).toEqual([
      ['none', 0, 2],
      ['mlm', 0, 4],
      ['soft-denoising', 0, 2],
      ['none', 1, 2],
      ['mlm', 1, 4],
      ['soft-denoising', 1, 2],
    ]);
    const [none, mlm, soft] = plan;
    expect(none?.pretraining).toBeUndefined();
    expect(mlm?.finetunings.map(({ row, labels }) => `${row.checkpoint} ${labels}`)).toEqual([
      'latest 10',
      'latest 160',
      'best-loss 10',
      'best-loss 160',
    ]);
    expect(soft?.pretraining?.config).toMatchObject({
      objective: 'soft',
      meta: { denoising: true, metaWeight: 100 },
      training: { epochs: 3, epochSize: 320 },
      engine: { executor: 'cpu' },
    });
  });

  it("fine-tunes with the report's settings for that number of labels, and the study's seed", () => {
    const last = studyPlan(OPTIONS).at(-1)?.finetunings.at(-1)?.config;
    expect(last).toMatchObject({
      objective: 'finetune',
      seed: 1,
      optimizer: { learningRate: 0.04, warmupSteps: 10 },
      training: { batchSize: 16, epochSize: 160, epochs: 5 },
      data: { labels: 160, dataSeed: 0 },
    });
    expect(
      studyPlan({ ...OPTIONS, varyData: true })
        .at(-1)
        ?.finetunings.at(-1)?.config.data,
    ).toMatchObject({ dataSeed: 1 });
  });

  it('refuses a wrong field before anything runs', () => {
    expect(() => studyPlan({ ...OPTIONS, settings: ['optimizer.lr=1'] })).toThrow(/optimizer\.lr/);
  });
});

describe('studyTable', () => {
  it("shows mean and sample deviation beside the report's value", () => {
    const cells = studyTable([
      { row: 'MLM (latest)', labels: 10, accuracies: [60, 64] },
      { row: 'no pretraining', labels: 10, accuracies: [55] },
    ]);
    expect(cells[0]).toEqual({ row: 'MLM (latest)', labels: 10, mean: 62, std: Math.sqrt(8), seeds: 2, report: 61.4 });
    expect(cells[1]).toMatchObject({ mean: 55, std: null, report: null });
    const text = studyTableText(studyRows(['none', 'mlm']), [10, 160], cells);
    expect(text.split('\n')).toHaveLength(4);
    expect(text).toMatch(/MLM \(latest\)\s+62\.0 \+\/- 2\.8 \(61\.4\)\s+-/);
    expect(text).toMatch(/no pretraining\s+55\.0 \(-\)/);
  });
});
