import type { RunRecord } from '../../src-shared/run/records.ts';
import { listRuns } from '../registry/runs.ts';
import { interruptAbandonedRuns } from '../runs/recovery.ts';
import type { Command } from './command.ts';
import { EXIT_DONE } from './exit-code.ts';
import { openExistingRegistry } from './open-home.ts';
import { table } from './table.ts';

export const runsCommand: Command = {
  name: 'runs',
  usage: '',
  summary: 'Lists the runs, newest first.',
  positionals: 0,
  options: { tag: { type: 'string', value: 'TAG', help: 'only runs with this tag (a study has one)' } },
  async run(args, { output, home }) {
    const db = openExistingRegistry(home);
    try {
      const tag = args.string('tag');
      // Nobody else may look for a while: a killed program's runs must not be listed as running.
      interruptAbandonedRuns(db, Date.now());
      const runs = listRuns(db, { archived: false, trashed: false }).filter(
        ({ tags }) => tag === undefined || tags.includes(tag),
      );
      if (output.json) for (const run of runs) output.result(summary(run), '');
      else output.result({}, runs.length === 0 ? 'No runs.' : table([HEADING, ...runs.map(row)]));
      return EXIT_DONE;
    } finally {
      db.close();
    }
  },
};

const HEADING = ['run', 'name', 'objective', 'status', 'examples', 'loss', 'best accuracy', 'executor'];

function row(run: RunRecord): string[] {
  const { progress, lastLoss, bestScores, executor } = run;
  return [
    run.runId,
    run.name,
    run.config.objective,
    run.status,
    progress === null ? '' : `${progress.examplesSeen}/${progress.totalExamples}`,
    lastLoss?.toFixed(4) ?? '',
    bestScores['accuracy']?.value.toFixed(2) ?? '',
    executor?.name ?? '',
  ];
}

function summary(run: RunRecord): Record<string, unknown> {
  const { runId, name, preset, status, progress, lastLoss, bestScores, scores, tags, executor, parentRunId } = run;
  const times = { createdAtMs: run.createdAtMs, startedAtMs: run.startedAtMs, finishedAtMs: run.finishedAtMs };
  const { objective } = run.config;
  return {
    runId,
    name,
    preset,
    objective,
    status,
    ...times,
    progress,
    lastLoss,
    bestScores,
    scores,
    tags,
    executor,
    parentRunId,
  };
}
