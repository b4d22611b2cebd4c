// @ts-check
/** The set-up that `npm start` and `npm test` share: packages, the project's Node, the native TensorFlow. */
import process from 'node:process';
import { handOver } from './hand-over.mjs';
import { isThisNode, missingNodeMessage, projectNode } from './node-runtime.mjs';
import { ensurePackages } from './packages.mjs';
import { log, PROJECT_DIR } from './project.mjs';
import { failedRecently, failureFile, remember } from './recent-failure.mjs';

/** A vain attempt that took longer is not repeated at every start. */
const SLOW_MS = 10_000;

/** Exit code when the project cannot run at all on this machine. */
const CANNOT_RUN = 3;

/**
 * Installs the packages if need be and makes sure that the rest runs under the project's Node: returns only there.
 * @param {string} script this process's own entry
 * @param {readonly string[]} args
 */
export async function enterProject(script, args) {
  const packages = await ensurePackages(PROJECT_DIR);
  if ('failed' in packages) stop(packages.failed);
  const node = projectNode(PROJECT_DIR);
  if (node === undefined) stop(missingNodeMessage());
  else if (!isThisNode(node)) process.exit(await handOver(node, script, args));
}

/** @param {string} message @returns {never} */
function stop(message) {
  log(message);
  process.exit(CANNOT_RUN);
}

/**
 * The native TensorFlow for `device`; says what is used instead where it cannot be had, never fails.
 * @param {import('./device.mjs').Device} device
 * @returns {Promise<string | undefined>} what is missing
 */
export async function prepareTensorFlow(device) {
  if (device === 'webgpu') return undefined;
  const what = `tensorflow-${device}`;
  const missing = failedRecently(what)
    ? `it could not be set up within the last hour (remove ${failureFile(what)} to retry)`
    : await tryTensorFlow(device, what);
  if (missing !== undefined) {
    log(`no native TensorFlow: ${missing}`);
    log('going on without it: the portable executors (webgpu, wasm) compute, slower; `metalmo doctor` explains');
  }
  return missing;
}

/**
 * @param {'auto' | 'cpu' | 'cuda'} device
 * @param {string} what the name of the attempt
 * @returns {Promise<string | undefined>} what is missing
 */
async function tryTensorFlow(device, what) {
  const startedMs = performance.now();
  let missing;
  try {
    const { ensureTensorFlow } = await import('./tensorflow.mjs');
    const result = await ensureTensorFlow({ device, log });
    missing = 'missing' in result ? result.missing : undefined;
  } catch (error) {
    missing = error instanceof Error ? error.message : String(error);
  }
  if (missing !== undefined && performance.now() - startedMs > SLOW_MS) remember(what, false);
  return missing;
}
