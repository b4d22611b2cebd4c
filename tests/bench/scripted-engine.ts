import { preset } from '../../src-shared/config/presets/preset.ts';
import type { EngineCommand, EngineMessage, TrainReport } from '../../src-shared/ipc/engine-protocol.ts';
import type { EngineExit, EngineLauncher } from '../../src-main/runs/engine-process.ts';

/** Optimizer steps and metrics of the load: together 5500 metric points a second, a tenth above the budget. */
export const STEPS_PER_SECOND = 50;
export const METRICS_PER_STEP = 110;
/** A real engine's reports are this far apart. */
const FLUSH_MS = 250;
const EXAMPLES_PER_STEP = 16;

/** When each step was computed, by the system's clock. */
export interface ComputedSteps {
  readonly steps: { step: number; atMs: number }[];
}

/**
 * An engine that computes nothing: it takes a step every 20 ms, notes when, and reports as a real one does, so that a
 * measurement of the way to the screen is not one of the training.
 */
export function scriptedEngine(computed: ComputedSteps): EngineLauncher {
  return () => {
    let onMessage: (message: EngineMessage) => void = () => undefined;
    let onExit: (exit: EngineExit) => void = () => undefined;
    let sequence = 0;
    let timers: NodeJS.Timeout[] = [];
    const say = (report: TrainReport): void => {
      sequence += 1;
      onMessage({ type: 'report', sequence, report });
    };
    const end = (): void => {
      timers.forEach(clearInterval);
      timers = [];
    };
    const begin = (): void => {
      say({
        type: 'executor',
        name: 'scripted',
        device: 'none',
        versions: {},
        reason: 'The benchmark has no training.',
      });
      say({ type: 'phase', phase: 'training' });
      const startedMs = performance.now();
      let step = 0;
      let reported = 0;
      const advance = (): void => {
        const due = Math.floor(((performance.now() - startedMs) / 1000) * STEPS_PER_SECOND);
        while (step < due) computed.steps.push({ step: (step += 1), atMs: Date.now() });
      };
      const flush = (): void => {
        if (step === reported) return;
        say(progressOf(reported + 1, step));
        reported = step;
      };
      timers = [setInterval(advance, 1000 / STEPS_PER_SECOND), setInterval(flush, FLUSH_MS)];
    };
    const stop = (): void => {
      end();
      const step = computed.steps.at(-1)?.step ?? 0;
      say({ type: 'stopped', step, examplesSeen: step * EXAMPLES_PER_STEP });
      setImmediate(() => onExit({ code: 0, signal: null, lastWords: '' }));
    };
    return {
      pid: undefined,
      send(command: EngineCommand) {
        if (command.type === 'train') setImmediate(begin);
        else if (command.type === 'stop') setImmediate(stop);
      },
      onMessage: (listener) => (onMessage = listener),
      onExit: (listener) => (onExit = listener),
      kill() {
        end();
        onExit({ code: null, signal: 'SIGKILL', lastWords: '' });
      },
    };
  };
}

function progressOf(first: number, last: number): TrainReport {
  const steps = Float64Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const { epochSize, epochs } = preset('two-moons-mlm').training;
  return {
    type: 'progress',
    progress: {
      step: last,
      totalSteps: (epochSize * epochs) / EXAMPLES_PER_STEP,
      examplesSeen: last * EXAMPLES_PER_STEP,
      totalExamples: epochSize * epochs,
      samplesPerSecond: STEPS_PER_SECOND * EXAMPLES_PER_STEP,
    },
    series: Array.from({ length: METRICS_PER_STEP }, (_, i) => ({
      name: i === 0 ? 'student.loss' : `layer.norm${i}`,
      steps,
      values: steps.map((step) => 2 + Math.sin(step / 40 + i) + 0.1 * Math.cos(step * 7)),
    })),
  };
}
