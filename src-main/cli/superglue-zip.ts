import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { AppError } from '../../src-shared/app-error.ts';
import { findPipeline } from '../registry/pipelines.ts';
import { forkEngine } from '../runs/engine-process.ts';
import { Supervisor } from '../runs/supervisor.ts';
import { SuperGluePipelines } from '../superglue/pipelines.ts';
import { writeSubmission } from '../superglue/write-submission.ts';
import { required, type Command } from './command.ts';
import { EXIT_DONE } from './exit-code.ts';
import { openExistingRegistry } from './open-home.ts';
import { table } from './table.ts';

export const superGlueZipCommand: Command = {
  name: 'superglue-zip',
  usage: 'GROUP --out FILE',
  summary: "Writes what a SuperGLUE group has predicted as the leaderboard's zip, and says what it lacks.",
  positionals: 1,
  options: { out: { type: 'string', value: 'FILE', help: 'the zip; replaced where it exists' } },
  details: () =>
    'GROUP is the id of a group, the unique beginning of one, or its name. The files have the forms of the benchmark:\n' +
    'booleans as words, the answers of MultiRC inside their questions and passages.',
  async run(args, { output, home }) {
    const file = resolve(required(args, 'out', 'superglue-zip'));
    if (!existsSync(dirname(file))) {
      throw new AppError(
        'file/not-found',
        `The folder ${dirname(file)} of --out does not exist. Make it, or name another file.`,
      );
    }
    const db = openExistingRegistry(home);
    const launch = forkEngine();
    const supervisor = new Supervisor({ db, home, launch });
    const pipelines = new SuperGluePipelines({ db, home, supervisor, launch });
    try {
      const { pipelineId } = findPipeline(db, args.positionals[0] ?? '');
      const { bytes, entries, missing } = await writeSubmission(home, pipelines.state(pipelineId), file);
      const lacks =
        missing.length === 0 ? '' : `\nThe leaderboard takes all ten files; not predicted: ${missing.join(', ')}`;
      output.result(
        { pipelineId, file, bytes, entries, missing },
        `${file}\n${table([['file', 'lines'], ...entries.map(({ name, lines }) => [name, String(lines)])])}${lacks}`,
      );
      return EXIT_DONE;
    } finally {
      await Promise.all([pipelines.close(), supervisor.close()]);
      db.close();
    }
  },
};
