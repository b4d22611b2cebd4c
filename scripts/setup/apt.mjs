// @ts-check
/** Debian's packages, for what only tests need. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const LIMIT_MS = 600_000;

/** Why apt-get can't be run here; undefined when it can. Elsewhere the same names may be other things (a snap). */
export function whyNoApt() {
  const release = '/etc/os-release';
  const isDebian = existsSync(release) && /^ID="?debian"?$/m.test(readFileSync(release, 'utf8'));
  if (process.platform !== 'linux' || !isDebian) return 'it is installed for you only on Debian';
  return process.getuid?.() === 0 ? undefined : 'apt-get needs root';
}

/** @param {readonly string[]} packages @returns {Promise<boolean>} whether apt-get said that it worked */
export async function aptInstall(packages) {
  return (
    (await aptGet(['update', '-qq'])) &&
    (await aptGet(['install', '-y', '-qq', '--no-install-recommends', ...packages]))
  );
}

/** @param {readonly string[]} args @returns {Promise<boolean>} */
function aptGet(args) {
  return new Promise((resolve) => {
    const child = spawn('apt-get', args, {
      stdio: ['ignore', 'ignore', 2],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    // Not spawn's own `timeout`: its timer outlives a command that could not be started.
    const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
    const end = (/** @type {boolean} */ isDone) => {
      clearTimeout(timer);
      resolve(isDone);
    };
    child.on('error', () => end(false));
    child.on('exit', (code) => end(code === 0));
  });
}
