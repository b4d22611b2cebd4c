import { describe, expect, it } from 'vitest';
import {
  addressOfRunsQuery,
  runsQueryFrom,
  STANDARD_QUERY,
  type RunsQuery,
} from '../../../../src-renderer/state/runs-query.ts';

function throughTheAddress(query: RunsQuery): RunsQuery {
  const written = Object.entries(addressOfRunsQuery(query)).filter(([, value]) => value !== '');
  // As the address bar has it.
  return runsQueryFrom(new Map(new URLSearchParams(new URLSearchParams(written).toString())));
}

describe('what the table of runs shows, and its address', () => {
  it('leaves the address empty where everything is standard', () => {
    expect(Object.values(addressOfRunsQuery(STANDARD_QUERY)).every((value) => value === '')).toBe(true);
    expect(runsQueryFrom(new Map())).toEqual(STANDARD_QUERY);
  });

  it('comes back as it was, separators inside names and values too', () => {
    const query: RunsQuery = {
      scope: 'archived',
      text: 'seed 1 & "more" = 100%',
      filters: [
        { column: 'config:optimizer.learningRate', operator: 'atMost', value: 5e-4 },
        { column: 'tags', operator: 'is', value: 'a*b**c,d%2A' },
        { column: 'config:model.tied', operator: 'is', value: false },
        { column: 'name', operator: 'contains', value: '12' },
      ],
      sort: { column: 'score:test.latest.accuracy', direction: 'descending' },
      columns: ['name', 'config:seed', 'best:a,b'],
      groupBy: ['objective', 'config:meta.hardLabels'],
    };
    expect(throughTheAddress(query)).toEqual(query);
    expect(throughTheAddress({ ...query, sort: { column: 'name', direction: 'ascending' } }).sort.direction).toBe(
      'ascending',
    );
  });

  it('passes over what it can not read', () => {
    const query = runsQueryFrom(
      new Map([
        ['scope', 'heap'],
        ['where', 'status*equals*sfailed**lastLoss*less*nmany**seed*is*n3**'],
        ['group', 'a,b,c,d,e,a'],
      ]),
    );
    expect(query.scope).toBe('live');
    expect(query.filters).toEqual([{ column: 'seed', operator: 'is', value: 3 }]);
    expect(query.groupBy).toEqual(['a', 'b', 'c', 'd']);
  });
});
