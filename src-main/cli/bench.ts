import { OBJECTIVES } from '../../src-shared/config/run-config.ts';
import { BENCH_WORKLOADS } from '../engine/bench/bench-config.ts';
import { runBench } from '../engine/bench/run-bench.ts';
import { EXECUTOR_NAMES } from '../engine/executors/executor.ts';
import { oneOf, positiveInteger, required, type Command } from './command.ts';
import { EXIT_DONE } from './exit-code.ts';

export const benchCommand: Command = {
  name: 'bench',
  usage: '--workload W --objective O',
  summary: 'Measures whole-loop training speed and prints it as one JSON object.',
  positionals: 0,
  options: {
    workload: {
      type: 'string',
      value: 'W',
      help: `${BENCH_WORKLOADS.join(', ')} (text: the report's text sizes on random ids)`,
    },
    objective: { type: 'string', value: 'O', help: OBJECTIVES.join(', ') },
    executor: { type: 'string', value: 'E', help: `${EXECUTOR_NAMES.join(', ')} or auto (default)` },
    steps: { type: 'string', value: 'N', help: 'measured optimizer steps (default: 1000, text 5)' },
    batch: { type: 'string', value: 'N', help: 'rows of a micro-batch (default: 4, fine-tuning and text 16)' },
    xla: { type: 'boolean', help: 'compile with XLA (TensorFlow only; default: as the preset says)' },
    plain: { type: 'boolean', help: 'do not compile with XLA' },
    bfloat16: { type: 'boolean', help: 'matrix products with bfloat16 operands (TensorFlow only)' },
  },
  details: () =>
    'Prints {"samplesPerSecond", "stepMsMedian", "stepMsP95", "peakRssBytes", "matmulShare", "executor", "device"}.\n' +
    'Data preparation is in the times; loading the data, compiling and a warm-up are not.',
  async run(args, { output }) {
    const workload = oneOf(required(args, 'workload', 'bench'), BENCH_WORKLOADS, '--workload');
    const objective = oneOf(required(args, 'objective', 'bench'), OBJECTIVES, '--objective');
    const executor = oneOf(args.string('executor') ?? 'auto', ['auto', ...EXECUTOR_NAMES], '--executor');
    const result = await runBench({
      workload,
      objective,
      executor,
      note: (line) => output.log(line),
      ...(args.string('steps') === undefined ? {} : { steps: positiveInteger(args, 'steps', 1) }),
      ...(args.string('batch') === undefined ? {} : { batch: positiveInteger(args, 'batch', 1) }),
      ...(args.flag('xla') ? { xla: true } : args.flag('plain') ? { xla: false } : {}),
      ...(args.flag('bfloat16') ? { matmulPrecision: 'bfloat16' as const } : {}),
    });
    output.result({ ...result }, JSON.stringify(result));
    return EXIT_DONE;
  },
};
