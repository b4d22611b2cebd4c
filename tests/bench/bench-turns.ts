/**
 * `node tests/bench/bench-turns.ts WORKLOAD OBJECTIVE ROUNDS SIDE SIDE...`: the training loop of `metalmo bench` on TensorFlow, in
 * a process for each side, one optimizer step of each by turns (of small steps as many as take a fifth of a second). A SIDE
 * is a checkout with its packages, and variables of its environment after commas (`/tmp/before`,
 * `.,GLIBC_TUNABLES=glibc.malloc.hugetlb=1`). What else a machine does changes from second to second by more than what is worth
 * knowing; steps beside one another share it, so that their ratios tell more than medians. Prints per side: median and
 * least milliseconds of a step, the median and quartiles of its ratios to the first side's, the same for processor time,
 * and the most memory resident.
 */
import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type * as BenchConfig from '../../src-main/engine/bench/bench-config.ts';
import type * as Loop from '../../src-main/engine/bench/bench-loop.ts';
import { quantile } from '../../src-main/engine/bench/step-times.ts';
import type * as Build from '../../src-main/engine/objectives/build-objective.ts';
import type * as Open from '../../src-main/engine/train/open-executor.ts';
import type * as RunData from '../../src-main/engine/train/run-data.ts';

/** Compiles what the measured steps call, and lets small ones find their speed. */
const WARM_UP = { steps: 3, ms: 2000 };
/** A turn is at least one step. */
const TURN_MS = 200;

/** Of one turn, per step. */
interface Reading {
  readonly wallMs: number;
  readonly processorMs: number;
  /** Most memory that the process had resident so far. */
  readonly peakRssBytes: number;
}

/** The side's own code, of its own checkout: a reading for each message. */
async function serveSide(workload: BenchConfig.BenchWorkload, objectiveName: string): Promise<void> {
  const load = (file: string): Promise<unknown> =>
    import(pathToFileURL(path.resolve('src-main', 'engine', file)).href) as Promise<unknown>;
  const { benchConfig } = (await load('bench/bench-config.ts')) as typeof BenchConfig;
  const { BenchLoop } = (await load('bench/bench-loop.ts')) as typeof Loop;
  const { buildObjective } = (await load('objectives/build-objective.ts')) as typeof Build;
  const { openExecutor } = (await load('train/open-executor.ts')) as typeof Open;
  const { prepareRunData } = (await load('train/run-data.ts')) as typeof RunData;

  const config = benchConfig({
    workload,
    objective: objectiveName as BenchConfig.BenchTarget['objective'],
    executor: 'tensorflow',
  });
  const data = await prepareRunData(config, '');
  const objective = buildObjective(config, data.objectiveOptions);
  const { executor } = await openExecutor(config, undefined);
  const session = await executor.compile(objective.program, { xla: config.engine.xla });
  await session.writeAll(objective.initialState(config.seed));
  const loop = new BenchLoop(config, objective, session, data.openSource(0));
  await loop.run(WARM_UP.steps);
  let stepMs = Infinity;
  for (let elapsedMs = 0; elapsedMs < WARM_UP.ms; elapsedMs += stepMs) stepMs = (await loop.run(1)).totalMs;
  const steps = Math.max(1, Math.round(TURN_MS / stepMs));

  const measure = async (): Promise<Reading> => {
    const before = process.cpuUsage();
    const { totalMs } = await loop.run(steps);
    const { user, system } = process.cpuUsage(before);
    const peakRssBytes = process.resourceUsage().maxRSS * 1024;
    return { wallMs: totalMs / steps, processorMs: (user + system) / 1000 / steps, peakRssBytes };
  };
  process.on('message', () => void measure().then((reading) => process.send?.(reading)));
  process.send?.('ready');
}

function answer<Answer>(side: ChildProcess): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => reject(new Error(`A side ended with ${code}.`));
    side.once('exit', onExit);
    side.once('message', (message) => {
      side.off('exit', onExit);
      resolve(message as Answer);
    });
  });
}

async function startSide(spec: string, workload: string, objective: string): Promise<ChildProcess> {
  const [checkout = '.', ...variables] = spec.split(',');
  const set = Object.fromEntries(
    variables.map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]),
  );
  const side = fork(fileURLToPath(import.meta.url), ['--side', workload, objective], {
    cwd: checkout,
    env: { ...process.env, ...set },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  await answer(side);
  return side;
}

/** Of the values' ratios to the first side's of the same rounds. */
function ratios(values: readonly number[], first: readonly number[]): string {
  const all = values.map((value, round) => value / (first[round] ?? NaN));
  const [low, middle, high] = [0.25, 0.5, 0.75].map((q) => quantile(all, q).toFixed(3));
  return `${middle} (${low} to ${high})`;
}

async function compare([workload = '', objective = '', rounds = '', ...specs]: readonly string[]): Promise<void> {
  if (!/^[1-9]\d*$/.test(rounds) || specs.length < 2) {
    process.stderr.write('usage: node tests/bench/bench-turns.ts WORKLOAD OBJECTIVE ROUNDS SIDE SIDE...\n');
    process.exit(2);
  }
  const sides: ChildProcess[] = [];
  // one after the other: compiling takes all cores
  for (const spec of specs) sides.push(await startSide(spec, workload, objective));
  const readings: Reading[][] = sides.map(() => []);
  for (let round = 0; round < Number(rounds); round++) {
    for (let turn = 0; turn < sides.length; turn++) {
      // another one begins each round
      const at = (turn + round) % sides.length;
      sides[at]?.send('step');
      readings[at]?.push(await answer<Reading>(sides[at] as ChildProcess));
    }
  }
  const wall = readings.map((of) => of.map(({ wallMs }) => wallMs));
  const processor = readings.map((of) => of.map(({ processorMs }) => processorMs));
  for (const [at, spec] of specs.entries()) {
    const [ms = [], cpu = [], last] = [wall[at], processor[at], readings[at]?.at(-1)];
    process.stdout.write(
      `${spec}\n  ${quantile(ms, 0.5).toFixed(2)} ms, least ${Math.min(...ms).toFixed(2)}; ratio ${ratios(ms, wall[0] ?? [])}; ` +
        `processor ${quantile(cpu, 0.5).toFixed(2)} ms, ratio ${ratios(cpu, processor[0] ?? [])}; ` +
        `${((last?.peakRssBytes ?? NaN) / 1e9).toFixed(2)} GB\n`,
    );
  }
}

const [first, ...rest] = process.argv.slice(2);
if (first === '--side') await serveSide(rest[0] as BenchConfig.BenchWorkload, rest[1] ?? '');
else {
  await compare(process.argv.slice(2));
  // the sides wait for more
  process.exit(0);
}
