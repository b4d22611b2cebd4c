import { z } from 'zod';
import { valueByPath } from '../../src-shared/config/differences.ts';
import { DOCUMENTED_FIELDS } from '../../src-shared/config/field-documentation.ts';
import { RunConfig } from '../../src-shared/config/run-config.ts';
import type { Registry } from './open-registry.ts';
import { statement } from './statements.ts';

/** A run that trained to its end in one go, and what that took. */
export interface FinishedRun {
  readonly config: RunConfig;
  /** From the engine's start to the first step, and from there to the end. */
  readonly setupSeconds: number;
  readonly trainingSeconds: number;
  readonly examples: number;
  /** Null where it could not be measured. */
  readonly peakMemoryBytes: number | null;
}

/** Fields that change neither the time of a step nor its memory; `training` has others beside these that do. */
const WITHOUT_COST = [
  'seed',
  /^optimizer\./,
  /^data\.(unlabeledTexts|labels|noise|dataSeed|windowStride)$/,
  /^training\.(epochSize|epochs|shuffle|maskProbability|\w+Every(Steps|Examples)|validationSize)$/,
  /^meta\.(innerLearningRate|metaWeight|samplingTemperature|supportQueryMask)$/,
] as const;

const SIZE_FIELDS = [...new Set(DOCUMENTED_FIELDS.map(({ path }) => path))].filter(
  (path) => !WITHOUT_COST.some((known) => (typeof known === 'string' ? known === path : known.test(path))),
);

const Row = z.object({
  config: z.string(),
  setup_ms: z.number().nullable(),
  total_ms: z.number(),
  examples: z.number(),
  peak_memory_bytes: z.number().nullable(),
});

/** What a pause or a resume lasted is not known, so that such runs tell nothing of time. */
const MEASURED = `SELECT config, finished_at_ms - started_at_ms AS total_ms, progress ->> '$.examplesSeen' AS examples,
    peak_memory_bytes,
    (SELECT min(at_ms) FROM events WHERE events.run_id = runs.run_id AND kind = 'training') - started_at_ms AS setup_ms
  FROM runs WHERE status = 'finished' AND machine = :machine AND objective = :objective AND started_at_ms IS NOT NULL
    AND progress ->> '$.examplesSeen' > 0
    AND NOT EXISTS (SELECT 1 FROM events WHERE events.run_id = runs.run_id AND kind IN ('paused', 'resumed'))`;

/** Runs of the same size on a machine, newest first. */
export function finishedRunsOfSize(db: Registry, config: RunConfig, machine: string, limit: number): FinishedRun[] {
  const same = SIZE_FIELDS.map((path, index) => `AND config_values ->> '$.${path}' IS :v${index}`);
  const values = SIZE_FIELDS.map((path, index) => [`v${index}`, comparable(valueByPath(config, path))]);
  return statement(db, `${MEASURED} ${same.join(' ')} ORDER BY created_at_ms DESC LIMIT :limit`)
    .all({ ...(Object.fromEntries(values) as object), machine, objective: config.objective, limit })
    .map(finishedRun);
}

/** Runs of the same objective and executor on a machine, whatever their size, newest first. */
export function finishedRunsLike(db: Registry, config: RunConfig, machine: string, limit: number): FinishedRun[] {
  return statement(
    db,
    `${MEASURED} AND config_values ->> '$.engine.executor' = :executor AND config_values ->> '$.engine.xla' = :xla
     ORDER BY created_at_ms DESC LIMIT :limit`,
  )
    .all({
      machine,
      objective: config.objective,
      executor: config.engine.executor,
      xla: Number(config.engine.xla),
      limit,
    })
    .map(finishedRun);
}

function comparable(value: ReturnType<typeof valueByPath>): string | number | null {
  return typeof value === 'boolean' ? Number(value) : value;
}

function finishedRun(raw: unknown): FinishedRun {
  const row = Row.parse(raw);
  const setupMs = Math.max(0, Math.min(row.setup_ms ?? 0, row.total_ms));
  return {
    config: RunConfig.parse(JSON.parse(row.config)),
    setupSeconds: setupMs / 1000,
    trainingSeconds: (row.total_ms - setupMs) / 1000,
    examples: row.examples,
    peakMemoryBytes: row.peak_memory_bytes,
  };
}
