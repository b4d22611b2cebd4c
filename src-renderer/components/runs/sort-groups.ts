import type { RunGroupRow } from '../../../src-shared/ipc/contract/runs.ts';
import type { TableSort } from '../table/table-column.ts';

/** Groups by a key or by a mean, those without a value last; by another column they stay as they come (by their keys). */
export function sortGroups(
  groups: readonly RunGroupRow[],
  sort: TableSort,
  groupBy: readonly string[],
  measures: readonly string[],
): RunGroupRow[] {
  const key = groupBy.indexOf(sort.column);
  const measure = measures.indexOf(sort.column);
  const read = (group: RunGroupRow): number | string | boolean | null | undefined => {
    if (sort.column === 'runs') return group.runs;
    return key >= 0 ? group.keys[key] : group.cells[measure]?.mean;
  };
  if (key < 0 && measure < 0 && sort.column !== 'runs') return [...groups];
  const sign = sort.direction === 'ascending' ? 1 : -1;
  return [...groups].sort((a, b) => {
    const [left, right] = [read(a) ?? null, read(b) ?? null];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    if (typeof left === 'number' && typeof right === 'number') return sign * (left - right);
    return sign * String(left).localeCompare(String(right), undefined, { numeric: true });
  });
}
