import { describe, expect, it } from 'vitest';
import { configRows, configTable } from '../../../../src-renderer/compare/config-rows.ts';
import { metricGroups, metricLines } from '../../../../src-renderer/compare/metric-tree.ts';
import { evaluationMetrics, factsOf, standardMetrics } from '../../../../src-renderer/compare/metric-id.ts';
import { labelsOf, shortLabels } from '../../../../src-renderer/compare/run-labels.ts';
import { resultLabel, scoreRows, scoreTable } from '../../../../src-renderer/compare/score-rows.ts';
import { groupLabel, seedGroups } from '../../../../src-renderer/compare/seed-groups.ts';
import { fieldDocumentation } from '../../../../src-shared/config/field-documentation.ts';
import { RunConfig } from '../../../../src-shared/config/run-config.ts';
import type { RunSummary } from '../../../../src-shared/ipc/run-views.ts';

const config = (changes: Record<string, unknown> = {}): RunConfig => RunConfig.parse(changes);
const summary = (changes: Partial<RunSummary>): RunSummary =>
  ({
    runId: 'r',
    name: 'run',
    objective: 'mlm',
    seed: 0,
    bestScores: {},
    scores: {},
    lastLoss: null,
    progress: null,
    ...changes,
  }) as RunSummary;

describe('names of compared runs', () => {
  it('are told apart by seed, then by id', () => {
    const labels = labelsOf([
      { runId: 'aaaa', name: 'mlm', seed: 0 },
      { runId: 'bbbb', name: 'mlm', seed: 1 },
      { runId: 'x-cccc', name: 'mlm', seed: 1 },
      { runId: 'dddd', name: 'hard', seed: 0 },
    ]);
    expect([...labels.values()]).toEqual(['mlm, seed 0', 'mlm, seed 1, bbbb', 'mlm, seed 1, cccc', 'hard']);
  });
});

describe('short names', () => {
  it('leave out the words that all begin with, but not what a number belongs to', () => {
    expect(shortLabels(['two-moons-mlm, seed 0', 'two-moons-hard'])).toEqual(['mlm, seed 0', 'hard']);
    expect(shortLabels(['two-moons-mlm, seed 0', 'two-moons-mlm, seed 1'])).toEqual(['seed 0', 'seed 1']);
    expect(shortLabels(['mlm', 'mlm-smoke'])).toEqual(['mlm', 'mlm-smoke']);
    expect(shortLabels(['two-moons-mlm'])).toEqual(['two-moons-mlm']);
    expect(shortLabels(['hard', 'soft'])).toEqual(['hard', 'soft']);
  });
});

describe('groups of seeds', () => {
  const run = (runId: string, of: RunConfig | undefined, parentRunId: string | null = null) => ({
    runId,
    label: `two moons, seed ${runId}`,
    config: of,
    parentRunId,
  });

  it('hold runs that differ in the seed alone', () => {
    const groups = seedGroups(
      [
        run('1', config({ seed: 1 })),
        run('2', config({ seed: 2 })),
        run('3', config({ seed: 1, optimizer: { learningRate: 0.5 } })),
        run('4', undefined),
      ],
      () => undefined,
    );
    expect(groups.map(({ id, runIds }) => [id, runIds])).toEqual([
      ['1', ['1', '2']],
      ['3', ['3']],
      ['4', ['4']],
    ]);
    expect(groups[0]?.label).toBe('two moons (2 seeds)');
  });

  it('keep apart what began with other weights, and bring together parents that differ in the seed alone', () => {
    const parents = new Map([
      ['p1', { config: config({ seed: 1 }), parentRunId: null }],
      ['p2', { config: config({ seed: 2 }), parentRunId: null }],
      ['q', { config: config({ objective: 'hard' }), parentRunId: null }],
    ]);
    const child = config({ objective: 'finetune' });
    const groups = seedGroups(
      [run('a', child, 'p1'), run('b', child, 'p2'), run('c', child, 'q'), run('d', child), run('e', child, 'gone')],
      (runId) => parents.get(runId),
    );
    expect(groups.map(({ runIds }) => runIds)).toEqual([['a', 'b'], ['c'], ['d'], ['e']]);
  });

  it('are named by what their names share', () => {
    expect(groupLabel(['hard seed=0', 'hard seed=1'])).toBe('hard (2 seeds)');
    expect(groupLabel(['abc', 'xyz', 'q'])).toBe('abc (3 seeds)');
    expect(groupLabel(['alone'])).toBe('alone');
  });
});

describe('configurations side by side', () => {
  it('mark the fields that differ, also those that one run has not', () => {
    const rows = configRows(
      [config({ seed: 1 }), config({ seed: 2, data: { kind: 'random-text' } })],
      fieldDocumentation().map((field) => ({
        ...field,
        standard: field.default,
        choices: [...(field.choices ?? [])],
        dataKind: field.dataKind ?? null,
      })),
    );
    const byPath = new Map(rows.map((row) => [row.path, row]));
    expect(byPath.get('seed')).toMatchObject({ values: ['1', '2'], differs: true });
    expect(byPath.get('optimizer.learningRate')?.differs).toBe(false);
    expect(byPath.get('data.labels')).toMatchObject({ values: ['10', undefined], differs: true, unit: 'examples' });
    expect(rows.filter(({ differs }) => differs).every(({ path }) => path === 'seed' || path.startsWith('data.'))).toBe(
      true,
    );
    expect(configTable(rows.slice(0, 2), ['a', 'b'], 't').rows[1]).toEqual(['seed', '', '1', '2']);
  });
});

describe('scores side by side', () => {
  const a = summary({
    runId: 'a',
    lastLoss: 0.5,
    bestScores: { accuracy: { value: 81, step: 50 }, loss: { value: 0.4, step: 60 } },
    scores: { 'validation.best.accuracy': 81, 'test.latest.accuracy': 80 },
  });
  const b = summary({ runId: 'b', seed: 1, lastLoss: 0.3, bestScores: { accuracy: { value: 83, step: 10 } } });
  const row = (id: string, columns: Parameters<typeof scoreRows>[0]) => scoreRows(columns).find((one) => one.id === id);
  const columns = [
    { label: 'a', runs: [a] },
    { label: 'b', runs: [b] },
  ];

  it('mark the best of a row by its direction, and nothing where nothing is compared', () => {
    expect([...(row('best:accuracy', columns)?.best ?? [])]).toEqual([1]);
    expect([...(row('lastLoss', columns)?.best ?? [])]).toEqual([1]);
    expect(row('best:loss', columns)?.best.size).toBe(0);
    expect(row('score:test.latest.accuracy', columns)?.label).toBe('Test accuracy, latest weights');
    expect(scoreRows(columns).map(({ id }) => id)).not.toContain('score:validation.best.accuracy');
  });

  it('rank no losses of different objectives', () => {
    const mixed = [columns[0]!, { label: 'h', runs: [summary({ objective: 'hard', lastLoss: 0.1 })] }];
    expect(row('lastLoss', mixed)).toMatchObject({ direction: 'none', best: new Set() });
    expect(row('lastLoss', mixed)?.cells[1]?.value).toBe(0.1);
  });

  it('rank no accuracy over labels against one over masked tokens, but what only comparable runs have', () => {
    const tuned = (runId: string, accuracy: number) =>
      summary({
        runId,
        objective: 'finetune',
        bestScores: { accuracy: { value: accuracy, step: 1 } },
        scores: { 'test.latest.loss': 1 / accuracy },
      });
    const mixed = [columns[0]!, { label: 'f', runs: [tuned('f', 90)] }, { label: 'g', runs: [tuned('g', 95)] }];
    expect(row('best:accuracy', mixed)?.best.size).toBe(0);
    expect([...(row('score:test.latest.loss', mixed)?.best ?? [])]).toEqual([2]);
    expect([...(row('best:accuracy', mixed.slice(1))?.best ?? [])]).toEqual([1]);
  });

  it('average seeds, and share a tie only where something is worse', () => {
    const cell = row('best:accuracy', [{ label: 'both', runs: [a, b] }])?.cells[0];
    expect(cell).toEqual({ value: 82, std: Math.SQRT2, count: 2 });
    expect(row('best:accuracy', [columns[0]!, columns[0]!])?.best.size).toBe(0);
    expect([...(row('best:accuracy', [columns[1]!, columns[0]!, columns[1]!])?.best ?? [])]).toEqual([0, 2]);
  });

  it('become a table whose figures are the stored ones', () => {
    const table = scoreTable(scoreRows(columns), ['a', 'b'], 't');
    expect(table.rows[0]).toEqual([
      'Best validation accuracy',
      '%',
      { value: 81, std: undefined, count: 1, format: 'score', isBest: false },
      { value: 83, std: undefined, count: 1, format: 'score', isBest: true },
    ]);
  });

  it('say in words where a result comes from', () => {
    expect(resultLabel('test.best-loss.accuracy')).toBe('Test accuracy, weights of best loss');
    expect(resultLabel('odd')).toBe('odd');
  });
});

describe('the metric chooser', () => {
  const groups = metricGroups(['student.loss', 'loss', 'student.gradNorm', 'layer.0.norm', 'validation:accuracy']);

  it('groups by prefix and shows what is open', () => {
    const shown = (query: string, closed: string[]) =>
      metricLines(groups, query, new Set(closed)).map((line) =>
        line.kind === 'group' ? `[${line.prefix}]` : line.name,
      );
    expect(shown('', ['layer'])).toEqual([
      'loss',
      'validation:accuracy',
      '[layer]',
      '[student]',
      'student.gradNorm',
      'student.loss',
    ]);
    expect(shown('norm student', ['student'])).toEqual(['[student]', 'student.gradNorm']);
    expect(shown('GRADIENT', [])).toEqual(['[student]', 'student.gradNorm']);
    expect(shown('zzz', [])).toEqual([]);
  });

  it('finds among 2000 names within a frame', () => {
    const many = metricGroups(Array.from({ length: 2000 }, (_, at) => `layer${at % 40}.metric.${at}`));
    metricLines(many, 'warm up', new Set());
    const startMs = performance.now();
    expect(metricLines(many, 'metric 199', new Set()).filter(({ kind }) => kind === 'metric')).toHaveLength(12);
    expect(performance.now() - startMs).toBeLessThan(100);
  });
});

describe('metrics of evaluations', () => {
  it('stand beside those of the steps', () => {
    const evaluation = { evaluationId: 1, step: 1, hasClassMap: false, split: 'validation', weights: 'current' };
    const names = evaluationMetrics([
      { ...evaluation, scores: { accuracy: 1, loss: 2 } },
      { ...evaluation, weights: 'latest', split: 'test', scores: { accuracy: 3 } },
    ]);
    expect(names).toEqual(['validation:accuracy', 'validation:loss']);
    expect(factsOf('validation:accuracy')).toMatchObject({
      label: 'Validation accuracy',
      unit: '%',
      direction: 'higher',
    });
    expect(standardMetrics(['a.b', ...names])).toEqual(['validation:accuracy', 'validation:loss']);
    expect(standardMetrics(['a.b', 'c'])).toEqual(['a.b']);
    expect(standardMetrics([])).toEqual([]);
  });
});
