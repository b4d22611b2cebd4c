import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

/** Seconds a test and a hook of each kind may take; the slow kinds start engines, browsers or builds. */
const SUITES = { unit: 30, gradcheck: 120, parity: 300, integration: 300, browser: 120, e2e: 300 } as const;

/**
 * Unit tests of what keeps nothing in its process share one, which saves a start and the same imports for each file. Every
 * other file has a process of its own: executors, environment variables, timers and open databases outlive a test.
 */
const SHARING = [
  'tests/unit/{cli,config,registry,renderer,run}/**/*.test.ts',
  'tests/unit/engine/{bench,data,eval,graph,loss,meta,model,optim,random}/**/*.test.ts',
];

function project(
  name: string,
  seconds: number,
  test: TestProjectInlineConfiguration['test'],
): TestProjectInlineConfiguration {
  return { extends: true, test: { name, testTimeout: seconds * 1000, hookTimeout: seconds * 1000, ...test } };
}

export default defineConfig({
  test: {
    pool: 'forks',
    // Two cores is what we promise to need; TensorFlow and browsers bring threads of their own.
    maxWorkers: 2,
    passWithNoTests: true,
    projects: [
      ...Object.entries(SUITES).map(([name, seconds]) =>
        project(name, seconds, { include: [`tests/${name}/**/*.test.ts`], exclude: SHARING }),
      ),
      project('unit, sharing', SUITES.unit, {
        include: SHARING,
        isolate: false,
        restoreMocks: true,
        unstubGlobals: true,
      }),
    ],
  },
});
