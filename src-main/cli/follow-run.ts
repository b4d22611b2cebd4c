import type { RunPhase } from '../../src-shared/ipc/engine-protocol.ts';
import type { RunOverview, RunRecord } from '../../src-shared/run/records.ts';
import type { Supervisor } from '../runs/supervisor.ts';
import { EXIT_DONE, EXIT_FAILED, EXIT_STOPPED } from './exit-code.ts';
import type { Output } from './output.ts';
import { duration, progressLine } from './progress-line.ts';

/** Without a terminal to redraw a line on, progress is written this often. */
const SPARSE_LINES_MS = 10_000;

const PHASE_TEXT: Readonly<Record<RunPhase, string>> = {
  starting: 'starting the engine',
  'preparing-data': 'preparing data',
  compiling: 'compiling the step',
  training: 'training',
  evaluating: 'evaluating',
  testing: 'measuring the result',
};

/**
 * Shows a run until it ends. The first Ctrl-C asks it to finish its step and save, the second kills it.
 * @returns the run as it ended
 */
export async function followRun(supervisor: Supervisor, runId: string, output: Output): Promise<RunRecord> {
  const stopShowing = showProgress(supervisor, runId, output);
  let interrupts = 0;
  const onInterrupt = (): void => {
    if (!supervisor.ownRunIds().includes(runId)) return;
    interrupts += 1;
    if (interrupts === 1) {
      output.log('Stopping: the step is finished and saved. Ctrl-C again kills it without saving.');
      supervisor.stop(runId);
    } else if (supervisor.phaseOf(runId) !== null) {
      supervisor.kill(runId);
    }
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, onInterrupt);
  try {
    return await supervisor.whenEnded(runId);
  } finally {
    for (const signal of signals) process.off(signal, onInterrupt);
    stopShowing();
  }
}

/** Shows how a run goes on, until what it returns is called. */
export function showProgress(supervisor: Supervisor, runId: string, output: Output): () => void {
  let phase: RunPhase | null = null;
  let lastLineMs = performance.now();
  const startedMs = performance.now();
  const onRun = (run: RunOverview): void => {
    if (run.runId !== runId || run.progress === null) return;
    const line = progressLine(run.progress, run.lastLoss);
    if (output.interactive) output.status(line);
    else if (performance.now() - lastLineMs >= SPARSE_LINES_MS) {
      lastLineMs = performance.now();
      output.log(line.trim());
    }
  };
  const onPhase = (id: string, next: RunPhase | null): void => {
    if (id !== runId || next === null || next === phase) return;
    // Evaluations come and go; they are not worth a line each.
    const isLine = next !== 'evaluating' && !(next === 'training' && phase === 'evaluating');
    phase = next;
    if (isLine) output.log(`${PHASE_TEXT[next]} (${duration((performance.now() - startedMs) / 1000)} since the start)`);
  };
  const onEvent = (event: { runId: string; kind: string; message: string }): void => {
    if (event.runId === runId && event.kind === 'warning') output.log(`warning: ${event.message}`);
  };
  const onSilence = (id: string, silentMs: number): void => {
    if (id !== runId || silentMs === 0) return;
    output.log(
      `the engine has been busy for ${duration(silentMs / 1000)} without a word (${PHASE_TEXT[phase ?? 'starting']})`,
    );
  };
  supervisor.on('run', onRun).on('phase', onPhase).on('event', onEvent).on('silence', onSilence);
  return () => {
    supervisor.off('run', onRun).off('phase', onPhase).off('event', onEvent).off('silence', onSilence);
    output.status('');
  };
}

/** Prints how a run ended; the last `--json` line of `run` and `resume`. @returns the exit code */
export function reportEnd(run: RunRecord, output: Output): number {
  const { runId, status, scores, error } = run;
  output.result(
    { runId, status, scores, ...(error === null ? {} : { error }) },
    [`Run ${runId} (${run.name}) is ${status}.`, ...scoreLines(run), ...(error === null ? [] : [error.message])].join(
      '\n',
    ),
  );
  if (status === 'finished') return EXIT_DONE;
  if (status === 'stopped') {
    output.log(`Saved. Go on with: metalmo resume ${runId}`);
    return EXIT_STOPPED;
  }
  if (status === 'interrupted' && error?.message.includes('killed on request') === true) return EXIT_STOPPED;
  if (error !== null && output.json) output.log(error.message);
  return EXIT_FAILED;
}

export function scoreLines({ scores }: RunRecord): string[] {
  const names = Object.keys(scores);
  const width = Math.max(0, ...names.map((name) => name.length));
  return names.map((name) => `  ${name.padEnd(width)}  ${(scores[name] ?? NaN).toFixed(4)}`);
}
