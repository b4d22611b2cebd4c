// @ts-check
/**
 * The Node that runs the project: 24, pinned in package.json as an npm package per platform, so that a checkout brings
 * its own. Where no such package exists, any Node >= 24 on the machine serves.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';

/** Type stripping without a flag or a warning, and the Node-API level of the native packages. */
export const REQUIRED_NODE_MAJOR = 24;

/** @param {string} version "24.1.0" or "v24.1.0" */
export function nodeMajor(version) {
  return Number.parseInt(version.replace(/^v/, ''), 10);
}

/**
 * The pinned Node inside `projectDir`/node_modules, as a real file (not the link or shim in .bin); undefined where none is.
 * @param {string} projectDir
 */
export function bundledNode(projectDir, platform = process.platform, arch = process.arch) {
  const system = platform === 'win32' ? 'win' : platform;
  // The mac package for Apple silicon has a name of its own: the plain one belongs to somebody else.
  const names = [`node-${system}-${arch}`, ...(platform === 'darwin' ? [`node-bin-darwin-${arch}`] : [])];
  return names
    .map((name) => path.join(projectDir, 'node_modules', name, 'bin', platform === 'win32' ? 'node.exe' : 'node'))
    .find((file) => existsSync(file));
}

/**
 * The Node to run the project with; undefined when the machine has none that is new enough.
 * @param {string} projectDir
 * @returns {string | undefined}
 */
export function projectNode(projectDir) {
  const bundled = bundledNode(projectDir);
  if (bundled !== undefined) return bundled;
  if (nodeMajor(process.versions.node) >= REQUIRED_NODE_MAJOR) return process.execPath;
  const found = spawnSync('node', ['-p', 'process.version + " " + process.execPath'], { encoding: 'utf8' });
  const [version = '', file] = found.status === 0 ? found.stdout.trim().split(/ (.*)/) : [];
  return file !== undefined && nodeMajor(version) >= REQUIRED_NODE_MAJOR ? file : undefined;
}

/** Whether this process already runs under `node`. @param {string} node */
export function isThisNode(node) {
  return realpathSync(node) === realpathSync(process.execPath);
}

/** What to tell a person whose machine has no Node that is new enough. */
export function missingNodeMessage() {
  return (
    `Node ${REQUIRED_NODE_MAJOR} is needed and none was found: this is Node ${process.versions.node}, and npm has no ` +
    `Node ${REQUIRED_NODE_MAJOR} package for ${process.platform} ${process.arch}. ` +
    `Install Node ${REQUIRED_NODE_MAJOR} or newer and run this again.`
  );
}
