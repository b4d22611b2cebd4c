import { resolve } from 'node:path';
import { EXECUTOR_NAMES } from '../engine/executors/executor.ts';
import type { Comparison } from '../engine/parity/comparison.ts';
import { runParity } from '../engine/parity/run-parity.ts';
import { chooseExecutor } from '../engine/executors/choose.ts';
import { oneOf, required, type Command } from './command.ts';
import { EXIT_DONE, EXIT_FAILED } from './exit-code.ts';

export const parityCommand: Command = {
  name: 'parity',
  usage: '--fixtures DIR',
  summary: 'Recomputes recorded cases of the reference code and reports how far the numbers are apart.',
  positionals: 0,
  options: {
    fixtures: { type: 'string', value: 'DIR', help: 'a folder of cases, <case>/<variant>/data.{json,safetensors}' },
    executor: { type: 'string', value: 'E', help: `${EXECUTOR_NAMES.join(', ')} or auto (default)` },
    xla: { type: 'boolean', help: 'compile with XLA (TensorFlow only)' },
  },
  details: () => 'Exit code 1 when a quantity is out of its tolerance.',
  async run(args, { output }) {
    const fixturesDir = resolve(required(args, 'fixtures', 'parity'));
    const name = oneOf(args.string('executor') ?? 'auto', ['auto', ...EXECUTOR_NAMES], '--executor');
    const { executor } = await chooseExecutor(name);
    try {
      output.log(`on ${executor.info.name}, ${executor.info.device}`);
      const compileOptions = { xla: args.flag('xla') };
      const report = await runParity({ fixturesDir, executor, compileOptions }, (comparison) =>
        output.result({ ...comparison }, comparisonLine(comparison)),
      );
      const { comparisons, notRun, within } = report;
      const outside = comparisons.filter((one) => !one.within).length;
      if (notRun.length > 0) output.log(`not run here: ${notRun.join(', ')}`);
      const verdict = outside === 0 ? 'all within their tolerance' : `${outside} out of their tolerance`;
      const { name: executorName, device } = executor.info;
      output.result(
        { within, comparisons: comparisons.length, outside, notRun, executor: executorName, device },
        `${comparisons.length} quantities, ${verdict}.`,
      );
      return within ? EXIT_DONE : EXIT_FAILED;
    } finally {
      executor.dispose();
    }
  },
};

function comparisonLine(one: Comparison): string {
  const { measure, limit } = one.tolerance;
  return [
    one.within ? 'ok  ' : 'FAIL',
    `${one.case}/${one.variant}`,
    one.quantity,
    `max abs ${one.maxAbsolute.toExponential(2)}`,
    `max rel ${one.maxRelative.toExponential(2)}`,
    `rel L2 ${one.relativeL2.toExponential(2)}`,
    `(${measure} <= ${limit})`,
  ].join('  ');
}
