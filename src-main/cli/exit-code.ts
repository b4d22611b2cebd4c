import type { AppErrorCode } from '../../src-shared/app-error.ts';

export const EXIT_DONE = 0;
export const EXIT_FAILED = 1;
export const EXIT_BAD_INPUT = 2;
/** Stopped by Ctrl-C, as shells report it; a run is saved, nothing is half-made. */
export const EXIT_STOPPED = 130;

/** What a person gave was wrong; nothing was written. */
const BAD_INPUT: ReadonlySet<AppErrorCode> = new Set([
  'config/invalid',
  'input/invalid',
  'file/not-found',
  'file/invalid',
  'checkpoint/invalid',
  'checkpoint/incompatible',
  'executor/unavailable',
  'registry/newer',
  'registry/not-found',
  'registry/conflict',
  'run/invalid-state',
]);

export function exitCodeOf(code: AppErrorCode): number {
  if (code === 'cancelled') return EXIT_STOPPED;
  return BAD_INPUT.has(code) ? EXIT_BAD_INPUT : EXIT_FAILED;
}
