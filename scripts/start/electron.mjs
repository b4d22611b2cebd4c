// @ts-check
/** Whether the desktop app can be started here: Electron's binary and a screen. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { runNode, tool } from '../run-node.mjs';
import { log } from '../setup/project.mjs';
import { failedRecently, failureFile, remember } from '../setup/recent-failure.mjs';

/**
 * Why no window can be opened on this machine; undefined when one can.
 * @param {NodeJS.ProcessEnv} env
 * @param {NodeJS.Platform} platform
 * @param {number | undefined} userId
 */
export function noScreenReason(env, platform, userId) {
  if (platform !== 'linux') return undefined;
  if (!env.DISPLAY && !env.WAYLAND_DISPLAY) return 'there is no screen (neither DISPLAY nor WAYLAND_DISPLAY is set)';
  if (userId === 0) return 'Electron does not start for root without giving up its sandbox';
  return undefined;
}

/** @param {string} projectDir @returns {string | undefined} Electron's executable */
export function electronBinary(projectDir) {
  const folder = path.join(projectDir, 'node_modules', 'electron');
  const pathFile = path.join(folder, 'path.txt');
  if (!existsSync(pathFile)) return undefined;
  const file = path.join(folder, 'dist', readFileSync(pathFile, 'utf8').trim());
  return existsSync(file) ? file : undefined;
}

/**
 * Electron's executable, fetched when it is not there yet.
 * @param {string} projectDir
 * @returns {Promise<{ file: string } | { missing: string }>}
 */
export async function ensureElectron(projectDir) {
  const reason = noScreenReason(process.env, process.platform, process.getuid?.());
  if (reason !== undefined) return { missing: reason };
  const there = electronBinary(projectDir);
  if (there !== undefined) return { file: there };
  if (failedRecently('electron')) {
    return {
      missing: `Electron could not be fetched within the last hour (remove ${failureFile('electron')} to retry)`,
    };
  }
  log('fetching the Electron binary (some 120 MB, once) ...');
  const code = await runNode([tool(projectDir, 'electron/install.js')], { cwd: projectDir, stdout: 2 });
  const file = electronBinary(projectDir);
  const isThere = code === 0 && file !== undefined;
  remember('electron', isThere);
  return isThere ? { file } : { missing: 'the Electron binary could not be fetched (the message is above)' };
}
