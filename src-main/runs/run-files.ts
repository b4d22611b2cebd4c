import { join } from 'node:path';

/** Where the registry of a home lies. */
export function registryFile(home: string): string {
  return join(home, 'registry.sqlite');
}

/** Everything of one run but its registry rows. */
export function runDirectory(home: string, runId: string): string {
  return join(home, 'runs', runId);
}

export function checkpointDirectory(home: string, runId: string): string {
  return join(runDirectory(home, runId), 'checkpoints');
}

export function engineLogFile(home: string, runId: string): string {
  return join(runDirectory(home, runId), 'engine.log');
}
