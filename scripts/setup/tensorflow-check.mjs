/** Checks, without a GPU, that every library the binding will ask for can be found. */
import { existsSync } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import path from 'node:path';
import { readDynamic } from './elf-needed.mjs';
import { runCommand } from './run-command.mjs';

/** Come with NVIDIA's driver, never with a wheel. */
const DRIVER_LIBRARIES = ['libcuda.so.1', 'libnvidia-ml.so.1'];

/** Opened by name while running, so no dynamic section lists them. */
const CUDA_LIBRARIES =
  /lib(?:cudart|cublas|cublasLt|cufft|cupti|curand|cusolver|cusparse|cudnn|nccl|nvJitLink|nvrtc)\.so\.\d+/g;

const SYSTEM_FOLDERS = ['/lib64', '/usr/lib64', '/lib', '/usr/lib'];

async function systemLibraries() {
  const { code, output } = await runCommand('/sbin/ldconfig', ['-p']);
  return code === 0 ? output : '';
}

/** Names of CUDA libraries written in a library's data. */
async function mentioned(file) {
  const names = new Set();
  const handle = await open(file, 'r');
  try {
    let carry = '';
    for await (const chunk of handle.createReadStream({ highWaterMark: 1 << 24, autoClose: false })) {
      const text = carry + chunk.toString('latin1');
      for (const match of text.matchAll(CUDA_LIBRARIES)) names.add(match[0]);
      carry = text.slice(-64);
    }
  } finally {
    await handle.close();
  }
  return names;
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
    // The libraries that TensorFlow opens itself are searched with the run path of the library that opens them.
    if (native.kind === 'cuda' && path.basename(file).startsWith('libtensorflow')) {
      for (const name of await mentioned(file)) want(name, runPaths, file);
    }
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
