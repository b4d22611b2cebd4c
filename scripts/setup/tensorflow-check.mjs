/** Checks, without a GPU, that every library the binding will ask for can be found. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { readDynamic } from './elf-needed.mjs';
import { runCommand } from './run-command.mjs';

/** Come with NVIDIA's driver, never with a wheel. */
const DRIVER_LIBRARIES = ['libcuda.so.1', 'libnvidia-ml.so.1'];

/**
 * Opened while running (TensorFlow puts their names together from a stem and a version, so no section lists them), with
 * the run path of the library that opens them.
 */
const OPENED_FOR_CUDA = {
  'libtensorflow_framework.so.2': [
    'libcudart.so.12',
    'libcublas.so.12',
    'libcublasLt.so.12',
    'libcufft.so.11',
    'libcusparse.so.12',
    'libcudnn.so.9',
    'libnccl.so.2',
    'libcupti.so.12',
    'libcuda.so.1',
    'libnvidia-ml.so.1',
  ],
  'libtensorflow_cc.so.2': ['libcusolver.so.11'],
};

const SYSTEM_FOLDERS = ['/lib64', '/usr/lib64', '/lib', '/usr/lib'];

async function systemLibraries() {
  const { code, output } = await runCommand('/sbin/ldconfig', ['-p']);
  return code === 0 ? output : '';
}

/**
 * @param {{ kind: string, dir: string, binding: string }} native
 * @param {(line: string) => void} print
 * @returns {Promise<number>} exit code: 1 when a library is nowhere
 */
export async function checkLibraries(native, print) {
  const known = await systemLibraries();
  const seen = new Map();
  const queue = [native.binding];
  const missing = [];
  const fromDriver = new Set();

  const find = (name, runPaths, owner) => {
    const folders = runPaths.map((folder) =>
      folder.replaceAll('$ORIGIN', path.dirname(owner)).replaceAll('${ORIGIN}', path.dirname(owner)),
    );
    const here = folders.map((folder) => path.join(folder, name)).find((file) => existsSync(file));
    if (here !== undefined) return path.resolve(here);
    const line = known.split('\n').find((entry) => entry.trim().startsWith(`${name} `) && entry.includes('=>'));
    return (
      line?.split('=>')[1]?.trim() ??
      SYSTEM_FOLDERS.map((folder) => path.join(folder, name)).find((file) => existsSync(file))
    );
  };

  const want = (name, runPaths, owner) => {
    const found = find(name, runPaths, owner);
    if (DRIVER_LIBRARIES.includes(name)) fromDriver.add(`${name} (${found ?? 'not on this machine'})`);
    else if (found === undefined) missing.push(`${name}, needed by ${path.basename(owner)}`);
    else if (!seen.has(found)) queue.push(found);
  };

  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (seen.has(file)) continue;
    const { needed, runPaths } = await readDynamic(file);
    seen.set(file, needed);
    for (const name of needed) want(name, runPaths, file);
    if (native.kind !== 'cuda') continue;
    for (const name of OPENED_FOR_CUDA[path.basename(file)] ?? []) want(name, runPaths, file);
  }
  for (const file of [...seen.keys()].sort()) print(`taken    ${file}`);
  for (const name of [...fromDriver].sort()) print(`driver   ${name}`);
  for (const name of missing) print(`MISSING  ${name}`);
  if (native.kind === 'cuda') {
    const packages = await readdir(path.join(native.dir, 'nvidia')).catch(() => []);
    print(
      `CUDA packages: ${packages.filter((name) => !name.includes('.') && !name.startsWith('__')).join(', ') || 'none'}`,
    );
  }
  print(missing.length === 0 ? 'every library resolves' : `${missing.length} libraries are nowhere`);
  return missing.length === 0 ? 0 : 1;
}
