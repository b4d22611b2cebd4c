import type { Registry } from './open-registry.ts';
import { statement } from './statements.ts';
import { getRunOverview } from './runs.ts';

/** What a person says of a run; what is left out stays. */
export interface RunEdit {
  readonly name?: string | undefined;
  readonly notes?: string | undefined;
  readonly addTags?: readonly string[] | undefined;
  readonly removeTags?: readonly string[] | undefined;
  /** When it was archived; null brings it back. */
  readonly archivedAtMs?: number | null | undefined;
}

/** @throws AppError registry/not-found */
export function editRun(db: Registry, runId: string, edit: RunEdit): void {
  const { tags } = getRunOverview(db, runId);
  const removed = new Set(edit.removeTags ?? []);
  const kept = [...new Set([...tags, ...(edit.addTags ?? [])])].filter((tag) => !removed.has(tag));
  statement(
    db,
    `UPDATE runs SET name = coalesce(:name, name), notes = coalesce(:notes, notes), tags = :tags,
       archived_at_ms = CASE WHEN :setsArchived THEN :archivedAtMs ELSE archived_at_ms END
     WHERE run_id = :runId`,
  ).run({
    runId,
    name: edit.name ?? null,
    notes: edit.notes ?? null,
    tags: JSON.stringify(kept),
    setsArchived: Number(edit.archivedAtMs !== undefined),
    archivedAtMs: edit.archivedAtMs ?? null,
  });
}

/** `trashedAtMs` null brings the run back. */
export function setRunTrashed(db: Registry, runId: string, trashedAtMs: number | null): void {
  statement(db, 'UPDATE runs SET trashed_at_ms = ? WHERE run_id = ?').run(trashedAtMs, runId);
}
