import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStudio } from '../../src-main/open-studio.ts';
import { openRegistry } from '../../src-main/registry/open-registry.ts';
import { listMetrics } from '../../src-main/registry/metric-reads.ts';
import { registryFile } from '../../src-main/runs/run-files.ts';
import { openWebShell } from '../../src-main/shells/web/web-shell.ts';
import { createLargeHome, type LargeHome, type LargeHomeSizes } from './large-home.ts';
import { scriptedEngine, type ComputedSteps } from './scripted-engine.ts';

/** What the benchmark asks of the process that serves the app. */
export type HostQuestion =
  { readonly kind: 'computed' } | { readonly kind: 'stored'; readonly runId: string } | { readonly kind: 'cpu' };

export interface HostReady {
  readonly address: string;
  readonly home: LargeHome;
  readonly generatedMs: number;
}

/**
 * Entry of the benchmark's host: the real studio and web shell over a generated home, with an engine that computes
 * nothing. Speaks with its parent over IPC and ends with it.
 */
const sizes = JSON.parse(process.argv[2] ?? '{}') as LargeHomeSizes;
const rendererDirectory = process.argv[3] ?? '';
const folder = mkdtempSync(join(tmpdir(), 'metalmo-bench-'));
const startedMs = performance.now();
const home = createLargeHome(folder, sizes);
const generatedMs = performance.now() - startedMs;
const computed: ComputedSteps = { steps: [] };
const studio = openStudio({
  home: folder,
  launch: scriptedEngine(computed),
  doctor: () => Promise.reject(new Error('The benchmark asks for no doctor.')),
});
const pages = { dispatch: studio.dispatch, events: studio.events };
const shell = await openWebShell({ host: '127.0.0.1', port: 0, rendererDirectory, pages, studio: pages });

process.on('message', (question: HostQuestion) => {
  process.send?.(answerTo(question));
});
process.on('disconnect', () => {
  void studio
    .close()
    .then(() => shell.close())
    .finally(() => {
      rmSync(folder, { recursive: true, force: true });
      process.exit(0);
    });
});
process.send?.({ address: shell.issueAddress(), home, generatedMs } satisfies HostReady);

function answerTo(question: HostQuestion): unknown {
  if (question.kind === 'computed') return computed.steps;
  if (question.kind === 'cpu') {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  }
  const db = openRegistry(registryFile(folder));
  try {
    return listMetrics(db, question.runId).reduce((sum, { points }) => sum + points, 0);
  } finally {
    db.close();
  }
}
