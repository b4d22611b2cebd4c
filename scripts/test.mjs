// @ts-check
/**
 * `npm test`: every static check beside the rest of the set-up, then the tests. `npm test -- FILTER...` runs the tests
 * alone, and hands FILTER to vitest. The last line is "N passed, N failed, N skipped"; the exit code is 0 only when everything passed.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { BUILDS, ensureBuilt } from './build/builds.mjs';
import { runNode, tool } from './run-node.mjs';
import { useCompileCache } from './setup/compile-cache.mjs';
import { ensureChromium } from './setup/chromium.mjs';
import { chooseDevice } from './setup/device.mjs';
import { ensureOldElectron } from './setup/old-electron.mjs';
import { log, PROJECT_DIR, secondsSince } from './setup/project.mjs';
import { enterProject, prepareTensorFlow } from './setup/set-up.mjs';
import { runStages } from './test/stages.mjs';
import { staticChecks } from './test/static-checks.mjs';
import { closingLine, countTests, failedTests, skippedTests } from './test/vitest-counts.mjs';

/** Two cores is what we promise to need; each check keeps about one busy. */
const CHECKS_AT_A_TIME = 2;

const startedMs = performance.now();
const filters = process.argv.slice(2);

// The tests start some hundreds of programs.
useCompileCache();
await enterProject(fileURLToPath(import.meta.url), filters);

const chosen = chooseDevice([], process.env.METALMO_DEVICE);
if ('wrong' in chosen) {
  log(chosen.wrong);
  process.exit(2);
}
/** @type {string[]} */
const missing = [];
/** What tests want of Debian, one apt-get at a time. */
const prepareSystem = async () => {
  const chromium = await ensureChromium();
  if ('missing' in chromium) {
    missing.push(
      `chromium (${chromium.missing}): tests/browser, and those on SwiftShader's WebGPU device, are not run`,
    );
  }
  const noOldElectron = await ensureOldElectron();
  if (noOldElectron !== undefined) {
    missing.push(`Electron 9.4.1 under Xvfb (${noOldElectron.missing}): tests/e2e/old-electron.test.ts is not run`);
  }
};
const prepareNative = async () => {
  const noTensorFlow = await prepareTensorFlow(chosen.device);
  if (noTensorFlow !== undefined) missing.push(`the native TensorFlow (${noTensorFlow}): its tests are not run`);
};
// The static checks need none of it: they go on meanwhile.
const prepared = Promise.all([prepareSystem(), prepareNative()]).then(() => {
  for (const line of missing) log(`missing: ${line}`);
  log(`ready after ${secondsSince(startedMs)}`);
});

let report;
let didPass = false;
const vitest = {
  name: 'vitest',
  run: async () => {
    // The tests of the page need it as the web shell serves it, whatever became of the build stage.
    await ensureBuilt(PROJECT_DIR, BUILDS.page, log);
    const folder = mkdtempSync(path.join(tmpdir(), 'metalmo-test-'));
    const file = path.join(folder, 'report.json');
    const args = ['run', ...filters, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    try {
      didPass = (await runNode([tool(PROJECT_DIR, 'vitest/vitest.mjs'), ...args], { cwd: PROJECT_DIR })) === 0;
      report = JSON.parse(readFileSync(file, 'utf8'));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    return didPass;
  },
};
const checks = filters.length > 0 ? [] : staticChecks(PROJECT_DIR, log);
const checked = await runStages(checks, console.log, CHECKS_AT_A_TIME);
await prepared;
const outcomes = [...checked, ...(await runStages([vitest], console.log))];

const counts = countTests(report, didPass);
const failed = failedTests(report, PROJECT_DIR);
const skipped = skippedTests(report, PROJECT_DIR);
console.log(
  `\n${outcomes.map(({ name, isOk, time }) => `${isOk ? 'ok    ' : 'FAILED'} ${name} (${time})`).join('\n')}`,
);
if (skipped.length > 0) console.log(`\nnot run:\n  ${skipped.join('\n  ')}`);
if (failed.length > 0) console.log(`\nfailed:\n  ${failed.join('\n  ')}`);
for (const line of missing) console.log(`missing: ${line}`);
console.log(`all in ${secondsSince(startedMs)}\n`);
console.log(closingLine(counts));
process.exitCode = outcomes.every(({ isOk }) => isOk) && counts.failed === 0 ? 0 : 1;
