import { z } from 'zod';
import type { Registry } from './open-registry.ts';
import { statement } from './statements.ts';

/** Measured on runs of a million points: a point takes 24 bytes of the file, its buckets another tenth. */
const POINT_BYTES = 27;

/** About what a run's rows take in the registry, bytes. */
export function rowBytes(db: Registry, runId: string): number {
  return z.number().parse(
    statement(
      db,
      `SELECT (SELECT coalesce(sum(points), 0) * ${POINT_BYTES} FROM series WHERE run_id = :runId)
        + (SELECT coalesce(sum(length(scores) + coalesce(length(map_values), 0) + 60), 0) FROM evaluations WHERE run_id = :runId)
        + (SELECT coalesce(sum(length(message) + length(details) + 60), 0) FROM events WHERE run_id = :runId)
        + coalesce((SELECT length(config) + coalesce(length(config_values), 0) + 500 FROM runs WHERE run_id = :runId), 0)`,
    )
      .pluck()
      .get({ runId }),
  );
}
