import { AppError } from '../../src-shared/app-error.ts';
import { configError } from '../../src-shared/config/config-problem.ts';
import { parseRunConfig } from '../../src-shared/config/parse-run-config.ts';
import { preset, PRESET_NAMES } from '../../src-shared/config/presets/preset.ts';
import type { RunConfig } from '../../src-shared/config/run-config.ts';
import { applySettings } from '../../src-shared/config/set-by-path.ts';
import { dataProblems } from '../engine/data/data-problems.ts';
import { EXECUTOR_NAMES } from '../engine/executors/executor.ts';
import { forkEngine } from '../runs/engine-process.ts';
import { dataDirectory } from '../runs/run-files.ts';
import { Supervisor } from '../runs/supervisor.ts';
import { assertExecutorUsable } from './assert-executor-usable.ts';
import { oneOf, required, type Command, type CommandArguments } from './command.ts';
import { fieldHelp } from './field-help.ts';
import { followRun, reportEnd } from './follow-run.ts';
import { openOrCreateRegistry } from './open-home.ts';
import { resolveWeights } from './resolve-weights.ts';

export const runCommand: Command = {
  name: 'run',
  usage: '--preset NAME',
  summary: 'Trains to the end and prints the result.',
  positionals: 0,
  options: {
    preset: { type: 'string', value: 'NAME', help: 'the configuration to start from' },
    set: { type: 'string', value: 'path.to.field=value', multiple: true, help: 'changes one field of it' },
    from: {
      type: 'string',
      value: 'RUN|CHECKPOINT_FILE',
      help: "begin with the student of a run's latest checkpoint, or of a file",
    },
    name: { type: 'string', value: 'NAME', help: 'how the run is listed (default: the preset)' },
    executor: {
      type: 'string',
      value: 'E',
      help: `${EXECUTOR_NAMES.join(', ')} or auto; the same as --set engine.executor=E`,
    },
  },
  details: () => `Presets:\n${PRESET_NAMES.map((name) => `  ${name}`).join('\n')}\n\n${fieldHelp()}`,
  async run(args, { output, home }) {
    const presetName = required(args, 'preset', 'run');
    const config = configuration(presetName, args);
    const name = args.string('name')?.trim() ?? presetName;
    if (name === '') throw new AppError('input/invalid', '--name is empty; give the run a name or leave it out.');
    const problems = dataProblems(config, dataDirectory(home));
    if (problems.length > 0) throw configError(problems);
    await assertExecutorUsable(config);
    const fromText = args.string('from');
    // Everything a person may have got wrong is checked before the first byte is written.
    const from = fromText === undefined ? undefined : await resolveWeights(fromText, config, home);

    const db = openOrCreateRegistry(home);
    const supervisor = new Supervisor({ db, home, launch: forkEngine() });
    try {
      supervisor.recover();
      const run = supervisor.create({ config, name, preset: presetName, from });
      output.log(`Run ${run.runId} (${name}), ${config.objective}, in ${home}`);
      return reportEnd(await followRun(supervisor, run.runId, output), output);
    } finally {
      await supervisor.close();
      db.close();
    }
  },
};

/** @throws AppError config/invalid, input/invalid */
export function configuration(presetName: string, args: CommandArguments): RunConfig {
  const config = applySettings(preset(presetName), args.strings('set'));
  const executor = args.string('executor');
  if (executor === undefined) return parseRunConfig(config);
  const name = oneOf(executor, ['auto', ...EXECUTOR_NAMES], '--executor');
  return parseRunConfig({ ...config, engine: { ...config.engine, executor: name } });
}
