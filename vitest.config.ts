import { defineConfig } from 'vitest/config';

/** Seconds a test and a hook of each kind may take; the slow kinds start engines, browsers or builds. */
const SUITES = { unit: 30, gradcheck: 120, parity: 300, integration: 300, browser: 120, e2e: 300 } as const;

export default defineConfig({
  test: {
    pool: 'forks',
    // Two cores is what we promise to need; TensorFlow and browsers bring threads of their own.
    maxWorkers: 2,
    passWithNoTests: true,
    projects: Object.entries(SUITES).map(([name, seconds]) => ({
      extends: true as const,
      test: {
        name,
        include: [`tests/${name}/**/*.test.ts`],
        testTimeout: seconds * 1000,
        hookTimeout: seconds * 1000,
      },
    })),
  },
});
