import type { RequestBody } from '../../../src-shared/ipc/contract.ts';
import { listMetrics, readMetricPart } from '../../registry/metric-reads.ts';
import { readRunClock } from '../../registry/run-clock.ts';
import { getRun } from '../../registry/runs.ts';
import type { Handler } from '../handler.ts';
import type { Host } from '../host.ts';
import { exportWriter, MEDIA_TYPES } from '../metric-export.ts';

/** Points in one part of an export: a few megabytes, written in a fraction of a second, so that nobody waits for it. */
const POINTS_PER_PART = 50_000;

type Place = NonNullable<RequestBody<'metrics.export'>['at']>;

/** Where steps lie on axes of examples and of time. */
export function readAxes({ db }: Pick<Host, 'db'>): Handler<'metrics.axes'> {
  return ({ runId, maxPoints }) => {
    const { training } = getRun(db, runId).config;
    const { steps, trainedMs } = readRunClock(db, runId, maxPoints);
    // Every step takes all its micro-batches in full, as the engine's `runLength` has it.
    const examplesPerStep = training.batchSize * training.accumulation;
    return { steps, trainedMs, examplesSeen: steps.map((step) => step * examplesPerStep) };
  };
}

/** One part of a file with every stored point, and where the next part begins. */
export function exportMetrics({ db }: Pick<Host, 'db'>, pointsPerPart = POINTS_PER_PART): Handler<'metrics.export'> {
  return ({ runIds, names, format, at }) => {
    const runs = runIds.map((runId) => getRun(db, runId));
    const writer = exportWriter(format);
    const wanted = names === undefined ? undefined : new Set(names);
    const fileName = `${runs.length === 1 ? fileNamed(runs[0]?.name ?? '') : `metrics-of-${runs.length}-runs`}.${format}`;
    const answer = (text: string, next: Place | null) => ({ fileName, mediaType: MEDIA_TYPES[format], text, next });

    let text = at === undefined ? writer.fileStart : '';
    let room = pointsPerPart;
    for (let index = at?.run ?? 0; index < runs.length; index += 1) {
      const run = runs[index];
      if (run === undefined) break;
      // Within a run the place says where to go on; the runs after it begin at their beginning.
      const place = at?.run === index ? at : undefined;
      if (place === undefined) text += writer.runStart(run, index === 0);
      let isFirst = place === undefined;
      for (const { name } of listMetrics(db, run.runId)) {
        if (wanted?.has(name) === false || (place !== undefined && name < place.metric)) continue;
        const isContinued = place?.metric === name && place.step > 0;
        if (room === 0) return answer(text, { run: index, metric: name, step: 0, isFirst });
        if (!isContinued) text += writer.metricStart(name, place?.metric === name ? place.isFirst : isFirst);
        isFirst = false;
        const rows = readMetricPart(db, run.runId, name, isContinued ? place.step : 0, room);
        text += writer.rows(run, name, rows, isContinued);
        room -= rows.steps.length;
        const last = rows.steps.at(-1);
        if (room === 0 && last !== undefined) {
          return answer(text, { run: index, metric: name, step: last + 1, isFirst: false });
        }
        text += writer.metricEnd;
      }
      text += writer.runEnd;
    }
    return answer(text + writer.fileEnd, null);
  };
}

function fileNamed(runName: string): string {
  const name = runName
    .toLowerCase()
    .replace(/[^\p{L}\p{N}.]+/gu, '-')
    .replace(/^[-.]+|-+$/g, '');
  return `${name === '' ? 'run' : name.slice(0, 100)}-metrics`;
}
