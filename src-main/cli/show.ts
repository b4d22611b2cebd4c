import { fieldDocumentation } from '../../src-shared/config/field-documentation.ts';
import { valueByPath } from '../../src-shared/config/differences.ts';
import type { CheckpointRecord, RunEvent, RunRecord } from '../../src-shared/run/records.ts';
import { listCheckpoints } from '../registry/checkpoints.ts';
import { listEvaluations } from '../registry/evaluations.ts';
import { listEvents } from '../registry/events.ts';
import { findRun } from '../registry/runs.ts';
import type { Command } from './command.ts';
import { EXIT_DONE } from './exit-code.ts';
import { scoreLines } from './follow-run.ts';
import { openExistingRegistry } from './open-home.ts';
import { table } from './table.ts';

export const showCommand: Command = {
  name: 'show',
  usage: 'RUN',
  summary: 'Shows a run: configuration, scores, evaluations, checkpoints, events.',
  positionals: 1,
  options: {},
  async run({ positionals: [text = ''] }, { output, home }) {
    const db = openExistingRegistry(home);
    try {
      const run = findRun(db, text);
      const checkpoints = listCheckpoints(db, run.runId);
      const evaluations = listEvaluations(db, run.runId);
      const events = listEvents(db, run.runId);
      output.result({ ...run, checkpoints, evaluations, events }, asText(run, checkpoints, events));
      return EXIT_DONE;
    } finally {
      db.close();
    }
  },
};

function asText(run: RunRecord, checkpoints: readonly CheckpointRecord[], events: readonly RunEvent[]): string {
  const { executor, progress, parentCheckpoint, error } = run;
  const head = [
    `Run ${run.runId} (${run.name}): ${run.status}`,
    executor === null ? '' : `on ${executor.name}, ${executor.device}: ${executor.reason}`,
    progress === null ? '' : `step ${progress.step} of ${progress.totalSteps}, ${progress.examplesSeen} examples`,
    parentCheckpoint === null ? '' : `began with ${parentCheckpoint}`,
    run.tags.length === 0 ? '' : `tags: ${run.tags.join(', ')}`,
    error === null ? '' : `error: ${error.message}`,
  ].filter((line) => line !== '');
  const scores = scoreLines(run);
  const best = Object.entries(run.bestScores).map(
    ([metric, { value, step }]) => `  ${metric}  ${value.toFixed(4)} at step ${step}`,
  );
  const files = checkpoints.map(({ kind, step, bytes, file }) => [kind, String(step), String(bytes), file]);
  return [
    head.join('\n'),
    section('Configuration', configLines(run)),
    section('Scores', scores),
    section('Best on validation', best),
    section('Checkpoints', files.length === 0 ? [] : [table([['kind', 'step', 'bytes', 'file'], ...files])]),
    section(
      'Events',
      events.map(({ atMs, kind, message }) => `  ${new Date(atMs).toISOString()}  ${kind}: ${message}`),
    ),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${title}\n${lines.join('\n')}`;
}

function configLines({ config }: RunRecord): string[] {
  return fieldDocumentation().flatMap(({ path, dataKind }) => {
    if (dataKind !== undefined && dataKind !== config.data.kind) return [];
    const value = valueByPath(config, path);
    return value === null ? [] : [`  ${path} = ${String(value)}`];
  });
}
