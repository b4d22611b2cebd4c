import { z } from 'zod';
import { AppError } from '../app-error.ts';

export const RUN_STATUSES = [
  'queued',
  'starting',
  'running',
  'paused',
  'stopping',
  'stopped',
  'interrupted',
  'failed',
  'finished',
] as const;
export const RunStatus = z.enum(RUN_STATUSES);
export type RunStatus = z.infer<typeof RunStatus>;

interface StatusFacts {
  readonly label: string;
  readonly help: string;
  /** An engine process works on the run, so a dead owner means that the run was interrupted. */
  readonly hasEngine: boolean;
  /** Nothing happens any more unless a person asks for it. */
  readonly isEnd: boolean;
  readonly next: readonly RunStatus[];
}

/** Every status, what it means, and which may follow it. */
export const STATUS_TABLE: Readonly<Record<RunStatus, StatusFacts>> = {
  queued: {
    label: 'Queued',
    help: 'Waits for its turn.',
    hasEngine: false,
    isEnd: false,
    next: ['starting', 'stopped', 'failed'],
  },
  starting: {
    label: 'Starting',
    help: 'Prepares data and compiles the step.',
    hasEngine: true,
    isEnd: false,
    next: ['running', 'stopping', 'stopped', 'interrupted', 'failed', 'finished'],
  },
  running: {
    label: 'Running',
    help: 'Trains.',
    hasEngine: true,
    isEnd: false,
    next: ['paused', 'stopping', 'stopped', 'interrupted', 'failed', 'finished'],
  },
  paused: {
    label: 'Paused',
    help: 'Holds between two steps, saved; its engine waits.',
    hasEngine: true,
    isEnd: false,
    next: ['running', 'stopping', 'stopped', 'interrupted', 'failed'],
  },
  stopping: {
    label: 'Stopping',
    help: 'Finishes its step and saves.',
    hasEngine: true,
    isEnd: false,
    next: ['stopped', 'interrupted', 'failed', 'finished'],
  },
  stopped: {
    label: 'Stopped',
    help: 'Ended early on request; can be resumed.',
    hasEngine: false,
    isEnd: true,
    next: ['queued', 'starting'],
  },
  interrupted: {
    label: 'Interrupted',
    help: 'Its process ended without saving; can be resumed from the latest checkpoint.',
    hasEngine: false,
    isEnd: true,
    next: ['queued', 'starting'],
  },
  failed: {
    label: 'Failed',
    help: 'Ended with an error; can be resumed once its cause is gone.',
    hasEngine: false,
    isEnd: true,
    next: ['queued', 'starting'],
  },
  finished: { label: 'Finished', help: 'Trained to the end.', hasEngine: false, isEnd: true, next: [] },
};

export function canBecome(from: RunStatus, to: RunStatus): boolean {
  return STATUS_TABLE[from].next.includes(to);
}

/** @throws AppError run/invalid-state naming what could follow instead */
export function assertCanBecome(from: RunStatus, to: RunStatus, runId: string): void {
  if (canBecome(from, to)) return;
  const next = STATUS_TABLE[from].next;
  const instead = next.length === 0 ? 'Nothing can follow it.' : `It can become ${next.join(', ')}.`;
  throw new AppError('run/invalid-state', `Run ${runId} is ${from} and cannot become ${to}. ${instead}`, {
    runId,
    from,
    to,
    next,
  });
}

/** Whether a run in this status can be started again where it ended. */
export function isResumable(status: RunStatus): boolean {
  return STATUS_TABLE[status].isEnd && canBecome(status, 'starting');
}
