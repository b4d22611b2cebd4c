import { groupRuns } from '../../registry/group-runs.ts';
import { queryRuns } from '../../registry/query-runs.ts';
import { listRunColumns } from '../../registry/list-run-columns.ts';
import type { Handler } from '../handler.ts';
import type { Host } from '../host.ts';
import { runSummary } from '../run-summary.ts';

export function queryTable({ db, supervisor }: Host): Handler<'runs.query'> {
  return (query) => {
    const { total, rows } = queryRuns(db, query, Date.now());
    return { total, rows: rows.map(({ overview, cells }) => ({ summary: runSummary(overview, supervisor), cells })) };
  };
}

export function groupTable({ db }: Host): Handler<'runs.group'> {
  return (query) => {
    const { total, groups } = groupRuns(db, query, Date.now());
    return { total, groups: groups.map((group) => ({ ...group, runs: group.runIds.length })) };
  };
}

export function listColumns({ db }: Host): Handler<'runs.columns'> {
  return ({ scope }) => listRunColumns(db, scope);
}
