import { z } from 'zod';
import { AppError } from '../../src-shared/app-error.ts';
import type { Registry } from './open-registry.ts';
import { statement } from './statements.ts';

const Ids = z.array(z.string());

/** Puts a queued run at the end of the line of a process. */
export function enqueueRun(db: Registry, runId: string, ownerPid: number): void {
  statement(
    db,
    `UPDATE runs SET owner_pid = ?, queue_order = (SELECT coalesce(max(queue_order), 0) + 1 FROM runs)
     WHERE run_id = ? AND status = 'queued'`,
  ).run(ownerPid, runId);
}

/** Waiting runs of a process, first in line first. */
export function waitingRunIds(db: Registry, ownerPid: number): string[] {
  return Ids.parse(
    statement(db, 'SELECT run_id FROM runs WHERE queue_order IS NOT NULL AND owner_pid = ? ORDER BY queue_order')
      .pluck()
      .all(ownerPid),
  );
}

/**
 * Takes over the runs that wait in the line of a process that is gone, in their order, behind one's own.
 * @param sweepId only those of this sweep
 * @returns their ids
 */
export function adoptWaitingRuns(
  db: Registry,
  ownerPid: number,
  isAlive: (pid: number) => boolean,
  sweepId?: string,
): string[] {
  return db
    .transaction(() => {
      const rows = z.array(z.object({ run_id: z.string(), owner_pid: z.number().nullable() })).parse(
        statement(
          db,
          `SELECT run_id, owner_pid FROM runs WHERE status = 'queued' AND trashed_at_ms IS NULL
               AND (:sweepId IS NULL OR sweep_id = :sweepId)
             ORDER BY queue_order IS NULL, queue_order, created_at_ms, run_id`,
        ).all({ sweepId: sweepId ?? null }),
      );
      const orphans = rows.filter(({ owner_pid: pid }) => pid === null || !isAlive(pid)).map((row) => row.run_id);
      for (const runId of orphans) enqueueRun(db, runId, ownerPid);
      return orphans;
    })
    .immediate();
}

/**
 * Puts a waiting run before another one of the same line, or at the end.
 * @throws AppError run/invalid-state where one of the two does not wait in this line
 */
export function moveInQueue(db: Registry, ownerPid: number, runId: string, before: string | null): void {
  db.transaction(() => {
    const line = waitingRunIds(db, ownerPid);
    for (const id of before === null ? [runId] : [runId, before]) {
      if (line.includes(id)) continue;
      throw new AppError('run/invalid-state', `Run ${id} does not wait in this queue any more.`, { runId: id });
    }
    if (runId === before) return;
    const others = line.filter((id) => id !== runId);
    others.splice(before === null ? others.length : others.indexOf(before), 0, runId);
    const set = statement(db, 'UPDATE runs SET queue_order = ? WHERE run_id = ?');
    others.forEach((id, index) => set.run(index + 1, id));
  }).immediate();
}
