import { join } from 'node:path';

/** Where the registry of a home lies. */
export function registryFile(home: string): string {
  return join(home, 'registry.sqlite');
}

export function runsDirectory(home: string): string {
  return join(home, 'runs');
}

/** Everything of one run but its registry rows. */
export function runDirectory(home: string, runId: string): string {
  return join(runsDirectory(home), runId);
}

export function checkpointDirectory(home: string, runId: string): string {
  return join(runDirectory(home, runId), 'checkpoints');
}

/** A second name of the checkpoint that a run begins with. */
export function pinnedFolder(home: string, runId: string): string {
  return join(runDirectory(home, runId), 'begins-with');
}

export function engineLogFile(home: string, runId: string): string {
  return join(runDirectory(home, runId), 'engine.log');
}

/** Where exported models go unless a person names another place. */
export function exportsFolder(home: string): string {
  return join(home, 'exports');
}

/** Tokenizers, corpora and SuperGLUE sets that runs read by name. */
export function dataDirectory(home: string): string {
  return join(home, 'data');
}
