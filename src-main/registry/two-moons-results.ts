import { basename, dirname } from 'node:path';
import { z } from 'zod';
import { RunConfig } from '../../src-shared/config/run-config.ts';
import type { Scores } from '../../src-shared/run/records.ts';
import { readScores } from './json-columns.ts';
import type { Registry } from './open-registry.ts';
import { statement } from './statements.ts';

/** A finished fine-tuning on Two Moons and what it began with. */
export interface FineTuning {
  readonly runId: string;
  readonly config: RunConfig;
  readonly labels: number;
  readonly scores: Scores;
  /** Kind of the checkpoint it began with; undefined where it began untrained. */
  readonly checkpoint: string | undefined;
  /** The run of that checkpoint; undefined where it began untrained, or where that run is gone. */
  readonly pretraining: RunConfig | undefined;
  /** Whether that run trained to its end. */
  readonly isPretrained: boolean;
}

const Row = z.object({
  run_id: z.string(),
  config: z.string(),
  scores: z.string(),
  parent_checkpoint: z.string().nullable(),
  parent_config: z.string().nullable(),
  parent_status: z.string().nullable(),
});

/** Every finished fine-tuning on Two Moons outside the trash, newest first. */
export function listFineTunings(db: Registry): FineTuning[] {
  // Many runs share a pretraining.
  const parents = new Map<string, RunConfig>();
  const parentOf = (text: string): RunConfig => {
    const known = parents.get(text) ?? RunConfig.parse(JSON.parse(text));
    parents.set(text, known);
    return known;
  };
  return statement(
    db,
    `SELECT runs.run_id, runs.config, runs.scores, runs.parent_checkpoint, parent.config AS parent_config,
       parent.status AS parent_status
     FROM runs LEFT JOIN runs AS parent ON parent.run_id = runs.parent_run_id
     WHERE runs.objective = 'finetune' AND runs.status = 'finished' AND runs.data_kind = 'two-moons'
       AND runs.trashed_at_ms IS NULL
     ORDER BY runs.created_at_ms DESC, runs.run_id`,
  )
    .all()
    .map((raw): FineTuning => {
      const row = Row.parse(raw);
      const config = RunConfig.parse(JSON.parse(row.config));
      return {
        runId: row.run_id,
        config,
        labels: config.data.kind === 'two-moons' ? config.data.labels : 0,
        scores: readScores(row.scores),
        // A checkpoint's folder is named after its kind.
        checkpoint: row.parent_checkpoint === null ? undefined : basename(dirname(row.parent_checkpoint)),
        pretraining: row.parent_config === null ? undefined : parentOf(row.parent_config),
        isPretrained: row.parent_status === 'finished',
      };
    });
}
