// @ts-check
/**
 * `npm start`: the set-up, then the app. In a window where Electron's binary and a screen are there, else served to a
 * browser on this machine. `npm start -- [--cpu | --cuda | --webgpu] [--serve] [...]`: the rest goes to the app.
 */
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { BUILDS, ensureBuilt } from './build/builds.mjs';
import { useCompileCache } from './setup/compile-cache.mjs';
import { chooseDevice } from './setup/device.mjs';
import { handOverToProgram } from './setup/hand-over.mjs';
import { log, PROJECT_DIR } from './setup/project.mjs';
import { endWithNpm, ignoreEchoes } from './setup/signals.mjs';
import { enterProject, prepareTensorFlow } from './setup/set-up.mjs';
import { ensureElectron } from './start/electron.mjs';

/** An Electron that ends this early with an error never showed its window. */
const FAILED_START_MS = 5000;

const chosen = chooseDevice(process.argv.slice(2), process.env.METALMO_DEVICE);
if ('wrong' in chosen) {
  log(chosen.wrong);
  process.exit(2);
}
endWithNpm();
useCompileCache();
await enterProject(fileURLToPath(import.meta.url), process.argv.slice(2));

const { device, rest } = chosen;
// The app and its engine processes choose by this.
if (device !== 'auto') process.env.METALMO_DEVICE = device;
await prepareTensorFlow(device);

const didRunInWindow = !rest.includes('--serve') && (await runInWindow());
if (!didRunInWindow) {
  if (!(await ensureBuilt(PROJECT_DIR, BUILDS.page, log))) {
    log('the page could not be built; the message is above');
    process.exit(3);
  }
  const main = path.join(PROJECT_DIR, 'src-main', 'shells', 'web', 'main.ts');
  // In this process: a signal has one receiver.
  ignoreEchoes();
  process.argv = [process.argv[0] ?? '', main, ...rest];
  await import(pathToFileURL(main).href);
}

/** @returns {Promise<boolean>} whether the window opened, and with it everything ended */
async function runInWindow() {
  const electron = await ensureElectron(PROJECT_DIR);
  if ('missing' in electron) {
    log(`no window: ${electron.missing}; serving the app to a browser instead`);
    return false;
  }
  if (!(await ensureBuilt(PROJECT_DIR, BUILDS.electron, log))) {
    log('the desktop app could not be built (the message is above); serving it to a browser instead');
    return false;
  }
  const startedMs = performance.now();
  const code = await handOverToProgram(electron.file, ['.', ...rest], { cwd: PROJECT_DIR });
  if (code !== 0 && performance.now() - startedMs < FAILED_START_MS) {
    log(`Electron ended at once with exit code ${code}; serving the app to a browser instead`);
    return false;
  }
  process.exitCode = code;
  return true;
}
