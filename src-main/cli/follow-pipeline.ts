import type { RunOverview } from '../../src-shared/run/records.ts';
import { STATUS_TABLE } from '../../src-shared/run/run-status.ts';
import type { Registry } from '../registry/open-registry.ts';
import { getRunOverview } from '../registry/runs.ts';
import type { Supervisor } from '../runs/supervisor.ts';
import type { PipelineState, PredictionState } from '../superglue/pipeline-state.ts';
import { pipelineDetail } from '../superglue/pipeline-views.ts';
import type { SuperGluePipelines } from '../superglue/pipelines.ts';
import { showProgress } from './follow-run.ts';
import type { Output } from './output.ts';

/**
 * Shows a pipeline until nothing of it is at work any more. The first Ctrl-C lets the run at work finish its step and save,
 * and takes the others out of the queue; the second kills it.
 */
export async function followPipeline(
  db: Registry,
  pipelines: SuperGluePipelines,
  supervisor: Supervisor,
  pipelineId: string,
  output: Output,
): Promise<{ readonly state: PipelineState; readonly isInterrupted: boolean }> {
  const shown = new Map<string, () => void>();
  const total = pipelines.state(pipelineId).cells.length;
  const show = ({ runId, name }: RunOverview): void => {
    if (shown.has(runId)) return;
    const place = pipelines.state(pipelineId).cells.findIndex(({ run }) => run?.runId === runId) + 1;
    output.log(`[${place}/${total}] ${name}`);
    shown.set(runId, showProgress(supervisor, runId, output));
  };
  const onRun = (run: RunOverview): void => {
    if (run.sweepId !== pipelineId) return;
    const { hasEngine, isEnd } = STATUS_TABLE[run.status];
    if (hasEngine) show(run);
    if (!isEnd || !shown.has(run.runId)) return;
    shown.get(run.runId)?.();
    shown.delete(run.runId);
    reportRun(pipelines.state(pipelineId), run, output);
  };
  const onPredicted = (id: string, prediction: PredictionState): void => {
    if (id === pipelineId) reportPrediction(prediction, output);
  };
  let interrupts = 0;
  const onInterrupt = (): void => {
    interrupts += 1;
    if (interrupts === 1) {
      output.log('Stopping: the step is finished and saved. Ctrl-C again kills it without saving.');
      pipelines.stop(pipelineId);
    } else for (const runId of supervisor.activeRunIds()) supervisor.kill(runId);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, onInterrupt);
  supervisor.on('run', onRun);
  pipelines.on('predicted', onPredicted);
  try {
    for (const { run } of pipelines.state(pipelineId).cells) {
      // The first began before anybody listened.
      if (run !== undefined && supervisor.activeRunIds().includes(run.runId)) show(getRunOverview(db, run.runId));
    }
    return { state: await pipelines.whenQuiet(pipelineId), isInterrupted: interrupts > 0 };
  } finally {
    for (const stop of shown.values()) stop();
    for (const signal of signals) process.off(signal, onInterrupt);
    supervisor.off('run', onRun);
    pipelines.off('predicted', onPredicted);
  }
}

function reportRun(state: PipelineState, { runId, name, status, error }: RunOverview, output: Output): void {
  const cell = pipelineDetail(state).cells.find((one) => one.runId === runId);
  if (cell === undefined) return;
  const { task, learningRate, seed, scores, score, checkpoint } = cell;
  const best = score === null ? '' : `, best ${score.toFixed(1)} on validation examples (${checkpoint?.kind ?? ''})`;
  output.result(
    { runId, task, learningRate, seed, status, scores, score, ...(error === null ? {} : { error }) },
    `${name}: ${status}${best}${error === null ? '' : `\n  ${error.message}`}`,
  );
}

function reportPrediction({ name, task, of, state, stored, message }: PredictionState, output: Output): void {
  const runId = of?.run.runId ?? null;
  const what = name === 'validation' || name === 'test' ? `${task} ${name}` : name;
  output.result(
    { prediction: name, task, runId, state, lines: stored?.lines ?? null, ...(message === null ? {} : { message }) },
    stored === undefined ? `${what}: ${message ?? state}` : `${what}: ${stored.lines} predictions`,
  );
}
