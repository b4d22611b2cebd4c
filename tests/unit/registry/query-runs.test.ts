import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deleteRun } from '../../../src-main/registry/delete-run.ts';
import { groupRuns } from '../../../src-main/registry/group-runs.ts';
import { listRunColumns } from '../../../src-main/registry/list-run-columns.ts';
import { openRegistry, type Registry } from '../../../src-main/registry/open-registry.ts';
import { queryRuns, type RunQuery } from '../../../src-main/registry/query-runs.ts';
import { editRun, setRunTrashed } from '../../../src-main/registry/run-edits.ts';
import { insertRun, setRunProgress, setRunScores, setRunStatus } from '../../../src-main/registry/runs.ts';
import { preset } from '../../../src-shared/config/presets/preset.ts';
import type { RunFilter, RunSelection } from '../../../src-shared/ipc/contract/runs.ts';

const NOW = 1_000_000;
let db: Registry;

/** Ten runs: learning rates 0.1 to 0.5 with two seeds each, accuracies that rise with both; two objectives. */
beforeAll(() => {
  db = openRegistry(':memory:');
  for (let index = 0; index < 10; index += 1) {
    const rate = 1 + Math.floor(index / 2);
    const config = preset(index < 6 ? 'two-moons-finetune' : 'two-moons-hard');
    config.seed = index % 2;
    config.optimizer.learningRate = rate / 10;
    config.engine.xla = index === 3;
    const runId = `run-${index}`;
    insertRun(db, {
      runId,
      // An order of names that is not the order of creation; one differs in case alone.
      name: index === 4 ? 'Name 60%' : `name ${(index * 7) % 10}`,
      config,
      createdAtMs: index * 1000,
      preset: index < 6 ? 'two-moons-finetune' : 'two-moons-hard',
      tags: index % 3 === 0 ? ['third', `t${index}`] : [],
    });
    if (index === 9) continue;
    setRunStatus(db, runId, 'starting', { nowMs: index * 1000 });
    const progress = { step: index, totalSteps: 10, examplesSeen: 1, totalExamples: 10, samplesPerSecond: 100 - index };
    setRunProgress(db, runId, progress, 5);
    if (index === 8) continue;
    const accuracy = index === 7 ? Infinity : index === 6 ? NaN : rate * 10 + index;
    setRunScores(db, runId, { 'test.latest.accuracy': accuracy });
    setRunStatus(db, runId, 'finished', { nowMs: index * 1000 + 100 * (10 - index) });
  }
  editRun(db, 'run-5', { notes: 'Looked at twice_' });
});
afterAll(() => {
  db.close();
});

const live = (text = '', filters: RunFilter[] = []): RunSelection => ({ scope: 'live', text, filters });

function ids(query: Partial<RunQuery>): string {
  const whole: RunQuery = {
    selection: live(),
    sort: { column: 'createdAtMs', direction: 'ascending' },
    columns: [],
    offset: 0,
    limit: 100,
    ...query,
  };
  const { total, rows } = queryRuns(db, whole, NOW);
  if (query.limit === undefined && query.offset === undefined) expect(rows).toHaveLength(total);
  return rows.map(({ overview }) => overview.runId.slice(4)).join('');
}

const sorted = (column: string, direction: 'ascending' | 'descending' = 'ascending'): string =>
  ids({ sort: { column, direction } });

describe('queryRuns', () => {
  it.each([
    ['createdAtMs', '0123456789'],
    ['runId', '0123456789'],
    ['name', '0369258417'],
    // Queued, starting, finished: the order of a run's life; newer first among equals.
    ['status', '9876543210'],
    ['objective', '5432109876'],
    ['progress', '0123456789'],
    ['samplesPerSecond', '8765432109'],
    ['durationMs', '7654321089'],
    ['seed', '8642097531'],
    ['config:optimizer.learningRate', '1032547698'],
    ['config:engine.xla', '9876542103'],
    // NaN, infinities and nothing have no place in the order: last.
    ['score:test.latest.accuracy', '0123459876'],
    ['best:accuracy', '9876543210'],
    ['bestScore', '9876543210'],
  ])('sorts by %s', (column, expected) => {
    expect(sorted(column)).toBe(expected);
  });

  it('puts runs without a value last in both directions', () => {
    expect(sorted('score:test.latest.accuracy', 'descending')).toBe('5432109876');
    expect(sorted('durationMs', 'descending')).toBe('8012345679');
  });

  it('gives a window and the total', () => {
    expect(ids({ offset: 3, limit: 4 })).toBe('3456');
    expect(
      queryRuns(
        db,
        { selection: live(), sort: { column: 'name', direction: 'ascending' }, columns: [], offset: 50, limit: 5 },
        NOW,
      ),
    ).toEqual({ total: 10, rows: [] });
  });

  it.each([
    ['name 9', '79'],
    ['FINETUNE third', '03'],
    ['twice_', '5'],
    ['e_', '5'],
    ['60%', '4'],
    ['run-7', '7'],
    ['hard finetune', ''],
    ["' OR 1=1 --", ''],
  ])('finds the text %j', (text, expected) => {
    expect(ids({ selection: live(text) })).toBe(expected);
  });

  const filters: [RunFilter, string][] = [
    [{ column: 'status', operator: 'is', value: 'finished' }, '01234567'],
    [{ column: 'status', operator: 'isNot', value: 'finished' }, '89'],
    [{ column: 'config:optimizer.learningRate', operator: 'is', value: 0.2 }, '23'],
    [{ column: 'config:optimizer.learningRate', operator: 'is', value: '0.2' }, '23'],
    [{ column: 'config:optimizer.learningRate', operator: 'atLeast', value: 0.4 }, '6789'],
    [{ column: 'config:optimizer.learningRate', operator: 'less', value: 0.2 }, '01'],
    [{ column: 'config:engine.xla', operator: 'is', value: true }, '3'],
    [{ column: 'config:data.kind', operator: 'contains', value: 'moon' }, '0123456789'],
    [{ column: 'score:test.latest.accuracy', operator: 'greater', value: 23 }, '45'],
    [{ column: 'score:test.latest.accuracy', operator: 'isNot', value: 10 }, '123456789'],
    [{ column: 'tags', operator: 'is', value: 'third' }, '0369'],
    [{ column: 'tags', operator: 'isNot', value: 't3' }, '012456789'],
    [{ column: 'tags', operator: 'contains', value: 't' }, '0369'],
    [{ column: 'name', operator: 'is', value: 'name 60%' }, '4'],
    [{ column: 'progress', operator: 'atMost', value: 0.2 }, '012'],
  ];
  it.each(filters)('filters %j', (filter, expected) => {
    expect(ids({ selection: live('', [filter]) })).toBe(expected);
  });

  it('combines filters, text and sorting', () => {
    const selection = live('finetune', [
      { column: 'seed', operator: 'is', value: 1 },
      { column: 'config:optimizer.learningRate', operator: 'atMost', value: 0.2 },
    ]);
    expect(ids({ selection, sort: { column: 'score:test.latest.accuracy', direction: 'descending' } })).toBe('31');
  });

  it('gives the values of extra columns as they are: flags, words, numbers that JSON lacks, nothing', () => {
    const columns = [
      'config:engine.xla',
      'config:objective',
      'score:test.latest.accuracy',
      'tags',
      'config:model.heads',
    ];
    const { rows } = queryRuns(
      db,
      { selection: live(), sort: { column: 'createdAtMs', direction: 'ascending' }, columns, offset: 3, limit: 5 },
      NOW,
    );
    expect(rows.map(({ cells }) => cells)).toEqual([
      [true, 'finetune', 23, 'third, t3', 2],
      [false, 'finetune', 34, null, 2],
      [false, 'finetune', 35, null, 2],
      [false, 'hard', NaN, 'third, t6', 2],
      [false, 'hard', Infinity, null, 2],
    ]);
  });

  it.each(['nope', 'config:', "config:a'b", 'config:a.b)', 'score:', 'score:a"b', 'other:x', 'constructor'])(
    'refuses the column %j',
    (column) => {
      expect(() => sorted(column)).toThrow(expect.objectContaining({ code: 'input/invalid' }));
      expect(() => ids({ selection: live('', [{ column, operator: 'is', value: 1 }]) })).toThrow(/no column/);
    },
  );
});

describe('groupRuns', () => {
  it('gives mean and sample deviation over the finite values, and the runs', () => {
    const { total, groups } = groupRuns(
      db,
      {
        selection: live(),
        by: ['config:optimizer.learningRate'],
        columns: ['score:test.latest.accuracy', 'samplesPerSecond', 'config:engine.xla', 'name'],
        limit: 100,
      },
      NOW,
    );
    expect(total).toBe(5);
    expect(groups.map(({ keys, runIds }) => [...keys, ...runIds])).toEqual([
      [0.1, 'run-0', 'run-1'],
      [0.2, 'run-2', 'run-3'],
      [0.3, 'run-4', 'run-5'],
      [0.4, 'run-6', 'run-7'],
      [0.5, 'run-8', 'run-9'],
    ]);
    const std = expect.closeTo(Math.SQRT1_2, 12) as number;
    expect(groups[0]?.cells).toEqual([{ mean: 10.5, std, count: 2 }, { mean: 99.5, std, count: 2 }, null, null]);
    // Infinity and NaN are left out; one value has no deviation.
    expect(groups[3]?.cells[0]).toBeNull();
    expect(groups[4]?.cells[1]).toEqual({ mean: 92, std: NaN, count: 1 });
  });

  it('groups by several keys, in their order, and counts all groups when it shows some', () => {
    const query = { selection: live(), by: ['objective', 'config:engine.xla'], columns: [], limit: 2 };
    const { total, groups } = groupRuns(db, query, NOW);
    expect(total).toBe(3);
    expect(groups.map(({ keys, runIds }) => [...keys, runIds.length])).toEqual([
      ['finetune', false, 5],
      ['finetune', true, 1],
    ]);
  });

  it('loses no digits where values are large and close', () => {
    const other = openRegistry(':memory:');
    for (const [index, value] of [1e9 + 1, 1e9 + 2, 1e9 + 3].entries()) {
      insertRun(other, { runId: `r${index}`, name: 'x', config: preset('two-moons-mlm'), createdAtMs: index });
      setRunScores(other, `r${index}`, { a: value });
    }
    const { groups } = groupRuns(other, { selection: live(), by: ['name'], columns: ['score:a'], limit: 9 }, NOW);
    expect(groups[0]?.cells).toEqual([{ mean: 1e9 + 2, std: 1, count: 3 }]);
    other.close();
  });
});

describe('scopes', () => {
  it('are kept apart, and offer the columns of their own runs', () => {
    expect(listRunColumns(db, 'live')).toEqual({
      columns: [
        'config:objective',
        'config:seed',
        'config:optimizer.learningRate',
        'config:optimizer.warmupSteps',
        'config:training.batchSize',
        'config:training.samplesPerTask',
        'config:training.accumulation',
        'config:training.epochSize',
        'config:training.epochs',
        'config:training.evaluateEveryExamples',
        'config:training.checkpointEveryExamples',
        'config:training.teacherExamplesEveryExamples',
        'config:engine.xla',
        'score:test.latest.accuracy',
      ],
      tags: ['t0', 't3', 't6', 't9', 'third'],
      total: 10,
    });
    editRun(db, 'run-1', { archivedAtMs: 5 });
    setRunTrashed(db, 'run-2', 5);
    expect(ids({})).toBe('03456789');
    expect(ids({ selection: { ...live(), scope: 'archived' } })).toBe('1');
    expect(ids({ selection: { ...live(), scope: 'trash' } })).toBe('2');
    expect(listRunColumns(db, 'archived')).toEqual({ columns: ['score:test.latest.accuracy'], tags: [], total: 1 });
    expect(groupRuns(db, { selection: live(), by: ['seed'], columns: [], limit: 9 }, NOW).groups).toHaveLength(2);
    editRun(db, 'run-1', { archivedAtMs: null });
    setRunTrashed(db, 'run-2', null);
  });

  it('notice new runs and ones that are gone', () => {
    const differs = (): boolean => listRunColumns(db, 'live').columns.includes('config:model.heads');
    expect(differs()).toBe(false);
    const config = preset('two-moons-mlm');
    config.model.heads = 4;
    insertRun(db, { runId: 'run-x', name: 'x', config, createdAtMs: 77 });
    expect(differs()).toBe(true);
    deleteRun(db, 'run-x');
    expect(differs()).toBe(false);
    // SQLite gives the new row the number of the one that is gone.
    insertRun(db, { runId: 'run-y', name: 'y', config, createdAtMs: 78 });
    expect(differs()).toBe(true);
    deleteRun(db, 'run-y');
  });
});
