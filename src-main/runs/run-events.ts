import type { MetricSeries, RunPhase } from '../../src-shared/ipc/engine-protocol.ts';
import type { CheckpointRecord, EvaluationRecord, RunEvent, RunOverview } from '../../src-shared/run/records.ts';

/** What the supervisor tells, each after it is stored: what a screen shows is what the registry holds. */
export interface RunEvents {
  /** Anything of a run's overview changed. */
  run: [run: RunOverview];
  phase: [runId: string, phase: RunPhase | null];
  metrics: [runId: string, series: readonly MetricSeries[]];
  evaluation: [evaluation: EvaluationRecord];
  teacherExamples: [runId: string, step: number];
  checkpoint: [checkpoint: CheckpointRecord];
  event: [event: RunEvent];
  /** The engine has been silent for this long (it may be compiling); 0 when it speaks again. */
  silence: [runId: string, silentMs: number];
  /** A run came to its end of its own, or broke; not told where a person asked for the end. */
  ended: [run: RunOverview];
  /** Who waits, who runs or how many may run has changed. */
  queue: [];
}
