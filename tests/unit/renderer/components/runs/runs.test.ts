import { describe, expect, it } from 'vitest';
import {
  describeFilter,
  kindOfColumn,
  operatorsOf,
  readFilterValue,
} from '../../../../../src-renderer/components/runs/filter-kinds.ts';
import { cellText, runColumn, STANDARD_COLUMNS } from '../../../../../src-renderer/components/runs/run-columns.ts';
import { sortGroups } from '../../../../../src-renderer/components/runs/sort-groups.ts';
import { sparklineGaps, sparklinePath } from '../../../../../src-renderer/components/runs/sparkline-path.ts';

describe('columns of runs', () => {
  it('begin with what a researcher looks for', () => {
    expect(STANDARD_COLUMNS).toContain('bestScore');
    expect(STANDARD_COLUMNS).not.toContain('diskBytes');
  });

  it('sort what is better first: scores falling, losses rising', () => {
    expect(runColumn('score:test.latest.accuracy').descendsFirst).toBe(true);
    expect(runColumn('best:loss').descendsFirst).toBe(false);
    expect(runColumn('lastLoss').descendsFirst).toBeUndefined();
  });

  it('show settings as they were set and say non-finite scores', () => {
    expect(cellText('config:optimizer.learningRate', 0.00001)).toBe('0.00001');
    expect(cellText('config:model.tied', false)).toBe('false');
    expect(cellText('score:test.latest.accuracy', 98.26)).toBe('98.3');
    expect(cellText('best:loss', Number.NaN)).toBe('NaN');
    expect(cellText('best:loss', null)).toBe('–');
    expect(cellText('durationMs', 125_000)).toBe('2 min 05 s');
  });
});

describe('filters', () => {
  it('compare by what a column holds', () => {
    expect(kindOfColumn('status')).toBe('choice');
    expect(kindOfColumn('lastLoss')).toBe('number');
    expect(kindOfColumn('config:optimizer.learningRate')).toBe('number');
    expect(kindOfColumn('name')).toBe('text');
    expect(operatorsOf('number').map(({ value }) => value)).toContain('atMost');
    expect(operatorsOf('text').map(({ value }) => value)).not.toContain('atMost');
  });

  it('refuse what is no value of the kind', () => {
    expect(readFilterValue('number', ' 1e-3 ')).toBe(0.001);
    expect(readFilterValue('number', '−2')).toBe(-2);
    expect(readFilterValue('number', 'many')).toBeUndefined();
    expect(readFilterValue('text', ' ')).toBeUndefined();
    expect(readFilterValue('truth', 'false')).toBe(false);
  });

  it('read as a sentence', () => {
    expect(describeFilter({ column: 'status', operator: 'isNot', value: 'failed' })).toBe('Status is not failed');
    expect(describeFilter({ column: 'lastLoss', operator: 'less', value: 2 })).toBe('Last loss < 2');
  });
});

describe('groups', () => {
  const group = (key: string | number | null, mean: number | null, runs = 1) => ({
    keys: [key],
    runs,
    runIds: [],
    cells: [mean === null ? null : { mean, std: 0, count: 1 }],
  });
  const all = [group('b', 2), group('a', null), group('c', 1)];
  const keys = (column: string, direction: 'ascending' | 'descending', of = all) =>
    sortGroups(of, { column, direction }, ['objective'], ['lastLoss']).map((one) => one.keys[0]);

  it('sort by a key or a mean, those without one last either way', () => {
    expect(keys('objective', 'ascending')).toEqual(['a', 'b', 'c']);
    expect(keys('lastLoss', 'ascending')).toEqual(['c', 'b', 'a']);
    expect(keys('lastLoss', 'descending')).toEqual(['b', 'c', 'a']);
    expect(keys('objective', 'descending', [group(2, 0), group(10, 0), group(null, 0)])).toEqual([10, 2, null]);
  });

  it('stay as they come for a column that they do not have', () => {
    expect(keys('createdAtMs', 'descending')).toEqual(['b', 'a', 'c']);
  });
});

describe('a sparkline', () => {
  it('puts larger values higher and leaves gaps where values are not finite', () => {
    expect(sparklinePath([0, 1], 10, 4)).toBe('M0 4L10 0');
    expect(sparklinePath([0, Number.NaN, 1], 10, 4)).toBe('M0 4h0.01M10 0h0.01');
    expect(sparklineGaps([0, Number.NaN, 1])).toEqual([0.5]);
  });

  it('draws a constant in the middle and nothing of nothing', () => {
    expect(sparklinePath([3, 3], 10, 4)).toBe('M0 2L10 2');
    expect(sparklinePath([Number.NaN], 10, 4)).toBe('');
  });
});
