import { findRun } from '../registry/runs.ts';
import { forkEngine } from '../runs/engine-process.ts';
import { Supervisor } from '../runs/supervisor.ts';
import type { Command } from './command.ts';
import { followRun, reportEnd } from './follow-run.ts';
import { openExistingRegistry } from './open-home.ts';

export const resumeCommand: Command = {
  name: 'resume',
  usage: 'RUN',
  summary: 'Goes on with a run that was stopped, interrupted or failed, from its latest checkpoint, to the end.',
  positionals: 1,
  options: {},
  details: () =>
    'RUN is an id, the unique beginning of one, or a name. The rest of the run equals that of one never interrupted.',
  async run({ positionals: [text = ''] }, { output, home }) {
    const db = openExistingRegistry(home);
    const supervisor = new Supervisor({ db, home, launch: forkEngine() });
    try {
      supervisor.recover();
      const { runId, name } = findRun(db, text);
      supervisor.resume(runId);
      output.log(`Resuming run ${runId} (${name})`);
      return reportEnd(await followRun(supervisor, runId, output), output);
    } finally {
      await supervisor.close();
      db.close();
    }
  },
};
