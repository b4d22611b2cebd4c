import { AppError } from '../../src-shared/app-error.ts';
import { configError } from '../../src-shared/config/config-problem.ts';
import { averageOf } from '../../src-shared/run/superglue-scores.ts';
import { findPipeline } from '../registry/pipelines.ts';
import { forkEngine } from '../runs/engine-process.ts';
import { dataDirectory } from '../runs/run-files.ts';
import { Supervisor } from '../runs/supervisor.ts';
import { checkPipeline } from '../superglue/check.ts';
import type { PipelineState } from '../superglue/pipeline-state.ts';
import { pipelineDetail } from '../superglue/pipeline-views.ts';
import { SuperGluePipelines } from '../superglue/pipelines.ts';
import { SetFacts } from '../superglue/set-facts.ts';
import { assertExecutorUsable } from './assert-executor-usable.ts';
import type { Command } from './command.ts';
import { EXIT_DONE, EXIT_FAILED, EXIT_STOPPED } from './exit-code.ts';
import { fieldHelp } from './field-help.ts';
import { followPipeline } from './follow-pipeline.ts';
import { openExistingRegistry, openOrCreateRegistry } from './open-home.ts';
import type { Output } from './output.ts';
import { pipelineRequest, SUPERGLUE_OPTIONS } from './superglue-options.ts';
import { superGlueTableText } from './superglue-table.ts';

export const superGlueCommand: Command = {
  name: 'superglue',
  usage: '--from RUN --tasks A,B',
  summary: "Fine-tunes a model on SuperGLUE's tasks at several learning rates, and prints the best scores.",
  positionals: 0,
  options: {
    ...SUPERGLUE_OPTIONS,
    resume: { type: 'string', value: 'GROUP', help: 'goes on with a group that ended early; no other option then' },
  },
  details: () =>
    'Every fine-tuning is an ordinary run of the registry. The best run of each task by validation predicts the validation\n' +
    'and test splits (that of RTE the diagnostics too): metalmo superglue-zip GROUP --out FILE writes them for the\n' +
    `leaderboard.\n\n${fieldHelp()}`,
  async run(args, { output, home }) {
    const group = args.string('resume');
    if (group !== undefined) {
      const others = Object.keys(SUPERGLUE_OPTIONS).filter((name) => args.isGiven(name));
      if (others.length > 0) {
        throw new AppError(
          'input/invalid',
          `--resume goes on with a group as it is; leave out --${others.join(', --')}.`,
        );
      }
      return follow(openExistingRegistry(home), home, output, (pipelines, db) =>
        pipelines.resume(findPipeline(db, group).pipelineId),
      );
    }
    const request = await pipelineRequest(args, home);
    // Everything a person may have got wrong is found before the registry is made.
    const { runs, problems } = await checkPipeline(new SetFacts(dataDirectory(home)), request);
    if (problems.length > 0) throw configError(problems);
    for (const { config } of runs.slice(0, 1)) await assertExecutorUsable(config);
    return follow(openOrCreateRegistry(home), home, output, (pipelines) => pipelines.start(request));
  },
};

type Db = ReturnType<typeof openExistingRegistry>;

async function follow(
  db: Db,
  home: string,
  output: Output,
  begin: (pipelines: SuperGluePipelines, db: Db) => PipelineState | Promise<PipelineState>,
): Promise<number> {
  const launch = forkEngine();
  const supervisor = new Supervisor({ db, home, launch });
  const pipelines = new SuperGluePipelines({ db, home, supervisor, launch });
  try {
    supervisor.recover();
    const { record, cells } = await begin(pipelines, db);
    output.log(`Group ${record.pipelineId} (${record.name}), ${cells.length} runs, in ${home}`);
    const { state, isInterrupted } = await followPipeline(db, pipelines, supervisor, record.pipelineId, output);
    return reportEnd(state, isInterrupted, output);
  } finally {
    await Promise.all([pipelines.close(), supervisor.close()]);
    db.close();
  }
}

function reportEnd(state: PipelineState, isInterrupted: boolean, output: Output): number {
  const { summary, tasks, diagnostics } = pipelineDetail(state);
  const { pipelineId, name, status, scores } = summary;
  const average = averageOf(summary.tasks, scores) ?? null;
  output.result(
    { pipelineId, name, status, scores, average, tasks, diagnostics },
    `\nSuperGLUE validation scores (of each task's best run)\n${superGlueTableText(name, summary.tasks, scores)}`,
  );
  if (isInterrupted) {
    output.log(`Saved. Go on with: metalmo superglue --resume ${pipelineId}`);
    return EXIT_STOPPED;
  }
  const without = tasks.filter(({ best }) => best === null).map(({ task }) => task);
  if (without.length > 0) output.log(`No run of ${without.join(', ')} has a score; see the messages above.`);
  if (status !== 'finished') {
    output.log(`The group is not complete. Go on with: metalmo superglue --resume ${pipelineId}`);
    return EXIT_FAILED;
  }
  output.log(`For the leaderboard: metalmo superglue-zip ${pipelineId} --out FILE`);
  return without.length > 0 ? EXIT_FAILED : EXIT_DONE;
}
