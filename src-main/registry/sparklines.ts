import { readBuckets } from './metric-reads.ts';
import { LEADING_LOSSES } from './metrics.ts';
import type { Registry } from './open-registry.ts';
import { statement } from './statements.ts';

const BUCKETS = 48;

/** The loss that stands for a run, over the run: means of at most 48 buckets, NaN where one has no finite value. */
export function readSparkline(db: Registry, runId: string): number[] {
  const name = statement(
    db,
    `SELECT series.metric FROM json_each(:names) AS leading
     JOIN series ON series.run_id = :runId AND series.metric = leading.value ORDER BY leading.key LIMIT 1`,
  )
    .pluck()
    .get({ runId, names: JSON.stringify(LEADING_LOSSES) });
  return typeof name === 'string' ? readBuckets(db, runId, name, BUCKETS).mean : [];
}
