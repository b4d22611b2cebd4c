import { z } from 'zod';
import type { RunEvent } from '../../src-shared/run/records.ts';
import { readDetails } from './json-columns.ts';
import type { Registry } from './open-registry.ts';
import { statement } from './statements.ts';

const EventRow = z.object({
  event_id: z.number(),
  run_id: z.string(),
  at_ms: z.number(),
  kind: z.string(),
  message: z.string(),
  details: z.string(),
});

function recordOf(raw: unknown): RunEvent {
  const row = EventRow.parse(raw);
  return {
    eventId: row.event_id,
    runId: row.run_id,
    atMs: row.at_ms,
    kind: row.kind,
    message: row.message,
    details: readDetails(row.details),
  };
}

/** What happened to a run: created, started, resumed, warning, failed with its remedy, … */
export function addEvent(
  db: Registry,
  event: { runId: string; atMs: number; kind: string; message: string; details?: Readonly<Record<string, unknown>> },
): RunEvent {
  return recordOf(
    statement(db, 'INSERT INTO events (run_id, at_ms, kind, message, details) VALUES (?, ?, ?, ?, ?) RETURNING *').get(
      event.runId,
      event.atMs,
      event.kind,
      event.message,
      JSON.stringify(event.details ?? {}),
    ),
  );
}

/** Oldest first. */
export function listEvents(db: Registry, runId: string): RunEvent[] {
  return statement(db, 'SELECT * FROM events WHERE run_id = ? ORDER BY event_id').all(runId).map(recordOf);
}
