/**
 * The native TensorFlow: official wheel + tfjs-node-gpu's binding compiled against it, in the cache.
 *
 *   node scripts/setup/tensorflow.mjs [--cpu | --cuda] [--check]
 *
 * Nothing here is a hard failure: what cannot be had is said, and the caller goes on without it.
 */
import { existsSync, realpathSync } from 'node:fs';
import { chmod, mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheRoot, publish, publishJson, readJson, stagingFolder, withLock } from './tensorflow-cache.mjs';
import { compileBinding, findCompiler, nodeHeaders } from './tensorflow-binding.mjs';
import { checkLibraries } from './tensorflow-check.mjs';
import { cudaRequirements, findNvidiaDriver } from './tensorflow-cuda.mjs';
import { runCommand } from './run-command.mjs';
import { dropWheel, extractFromWheel, findPip, findPython, getWheel } from './tensorflow-wheels.mjs';

export const TENSORFLOW_VERSION = '2.21.0';

/** Raised when the recipe below changes, so that an older cache is not taken for a new one. */
const RECIPE = 1;

const CHECKOUT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const PACKAGE_FOLDER = path.join(CHECKOUT, 'node_modules', '@tensorflow', 'tfjs-node-gpu');

/** Of the wheel, all that is needed: two libraries, the C headers and what those include, the pins of its extras. */
const WHEEL_MEMBERS = [
  'tensorflow/libtensorflow_cc.so.2',
  'tensorflow/libtensorflow_framework.so.2',
  'tensorflow/include/tensorflow/c/',
  'tensorflow/include/tensorflow/core/platform/',
  'tensorflow/include/tsl/',
  'tensorflow/include/xla/tsl/',
];

/**
 * @typedef {{ kind: 'cpu' | 'cuda', dir: string, binding: string, version: string }} NativeTensorFlow
 * @param {{ device?: 'auto' | 'cpu' | 'cuda', log?: (line: string) => void }} [options]
 * @returns {Promise<NativeTensorFlow | { missing: string }>}
 */
export async function ensureTensorFlow({ device = 'auto', log = console.error } = {}) {
  try {
    if (process.platform !== 'linux' || (process.arch !== 'x64' && process.arch !== 'arm64')) {
      return await packageDownload(`no TensorFlow wheel is set up for ${process.platform} ${process.arch}`, log);
    }
    if (device !== 'auto') return await ensureKind(device, log);
    const driver = await findNvidiaDriver();
    if (driver === undefined) return await ensureKind('cpu', log);
    log(`NVIDIA driver found (${driver}): taking the CUDA build`);
    const cuda = await ensureKind('cuda', log);
    if (!('missing' in cuda)) return cuda;
    log(`the CUDA build is not available (${cuda.missing}); taking the CPU build`);
    return await ensureKind('cpu', log);
  } catch (error) {
    return { missing: `the native TensorFlow could not be set up: ${error.message}` };
  }
}

async function ensureKind(kind, log) {
  const tfjs = (await readJson(path.join(PACKAGE_FOLDER, 'package.json')))?.version;
  if (tfjs === undefined) return { missing: '@tensorflow/tfjs-node-gpu is not installed (run npm ci)' };
  const root = path.join(cacheRoot(), 'tensorflow');
  const name = `${kind}-${TENSORFLOW_VERSION}-${process.arch}-r${RECIPE}`;
  const manifestFile = path.join(root, `tfjs-${tfjs}-${process.platform}-${process.arch}-${kind}.json`);
  const dir = path.join(root, name);
  const bindingFolder = path.join(dir, `binding-${tfjs}`);
  const result = { kind, dir, binding: path.join(bindingFolder, 'tfjs_binding.node'), version: TENSORFLOW_VERSION };
  const isReady = async () => {
    const manifest = await readJson(manifestFile);
    return manifest?.binding === result.binding && existsSync(result.binding);
  };
  if (await isReady()) return result;

  return await withLock(root, name, log, async () => {
    if (await isReady()) return result;
    const python = await findPython();
    const compiler = await findCompiler();
    const headers = nodeHeaders(CHECKOUT);
    const pip = await findPip();
    const lacking = [
      ...(python === undefined ? ['python3'] : []),
      ...(pip === undefined ? ['pip'] : []),
      ...(compiler === undefined ? ['g++'] : []),
      ...(headers === undefined ? ["Node's headers (node_api.h)"] : []),
    ];
    if (lacking.length > 0) {
      return await packageDownload(`${lacking.join(', ')} not found (on Debian: apt-get install python3-pip g++)`, log);
    }
    if (!existsSync(dir)) await unpackWheels(kind, root, dir, python, pip, log);
    log('compiling the TensorFlow binding');
    const staging = await stagingFolder(dir, 'binding');
    const output = path.join(staging, 'tfjs_binding.node');
    await compileBinding(
      { packageFolder: PACKAGE_FOLDER, tensorflowFolder: path.join(dir, 'tensorflow'), headers, output, compiler },
      bindingFolder,
    );
    await rm(bindingFolder, { recursive: true, force: true });
    await publish(staging, bindingFolder);
    const fault = await loadFault(result.binding);
    if (fault !== undefined) return { missing: `the TensorFlow binding was built but does not load: ${fault}` };
    await publishJson(manifestFile, result);
    log(`TensorFlow ${TENSORFLOW_VERSION} (${kind}) is ready in ${dir}`);
    return result;
  });
}

/** Fills `dir` with the wheel's libraries and headers (and, for CUDA, NVIDIA's libraries as the wheels lay them out). */
async function unpackWheels(kind, root, dir, python, pip, log) {
  const staging = await stagingFolder(root, kind);
  const downloads = path.join(staging, 'downloads');
  const content = path.join(staging, 'content');
  await mkdir(downloads, { recursive: true });
  const distribution = kind === 'cpu' ? 'tensorflow-cpu' : 'tensorflow';
  const metadata = `${distribution.replaceAll('-', '_')}-${TENSORFLOW_VERSION}.dist-info/METADATA`;
  try {
    const wheel = await getWheel(
      `${distribution}==${TENSORFLOW_VERSION}`,
      downloads,
      pip,
      log,
      kind === 'cpu' ? 275 : 600,
    );
    log('unpacking the TensorFlow libraries');
    await extractFromWheel(wheel, content, [...WHEEL_MEMBERS, metadata], python);
    await dropWheel(wheel, staging);
    if (kind === 'cuda') {
      const requirements = await cudaRequirements(path.join(content, metadata));
      if (requirements.length === 0) throw new Error('the wheel names no CUDA libraries');
      for (const [index, requirement] of requirements.entries()) {
        log(`CUDA library ${index + 1} of ${requirements.length}`);
        const library = await getWheel(requirement, downloads, pip, log);
        await extractFromWheel(library, content, ['nvidia/'], python);
        await dropWheel(library, staging);
      }
      await makeProgramsExecutable(path.join(content, 'nvidia'));
    }
    await publish(content, dir);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** XLA runs `ptxas`; unpacking a wheel does not keep what may be executed. */
async function makeProgramsExecutable(folder) {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const at = entry.parentPath ?? entry.path;
    if (entry.isFile() && path.basename(at) === 'bin') await chmod(path.join(at, entry.name), 0o755);
  }
}

/** Loads the binding in a process of its own (a bad library may abort it). */
async function loadFault(binding) {
  const script = 'const b = require(process.argv[1]); if (typeof b.TF_Version !== "string") process.exit(3)';
  const result = await runCommand(process.execPath, ['-e', script, binding], {
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' },
    timeoutMs: 120_000,
  });
  return result.code === 0
    ? undefined
    : result.output.trim().split('\n').slice(-3).join(' | ') || `exit code ${result.code}`;
}

/** Without pip or a compiler: what tfjs-node-gpu itself downloads (an older TensorFlow), where that works. */
async function packageDownload(reason, log) {
  const installed = async () => {
    const folders = await readdir(path.join(PACKAGE_FOLDER, 'lib')).catch(() => []);
    const file = folders
      .map((folder) => path.join(PACKAGE_FOLDER, 'lib', folder, 'tfjs_binding.node'))
      .filter((f) => existsSync(f));
    return file.at(-1);
  };
  let failure = 'nothing was downloaded';
  if ((await installed()) === undefined) {
    log(`${reason}; trying the download of @tensorflow/tfjs-node-gpu itself`);
    const bin = path.join(CHECKOUT, 'node_modules', '.bin');
    const env = { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH ?? ''}` };
    const options = { cwd: PACKAGE_FOLDER, env, timeoutMs: 600_000 };
    const { output } = await runCommand(process.execPath, ['scripts/install.js', 'cpu', 'download'], options);
    failure = /^.*error.*$/im.exec(output)?.[0].trim() ?? failure;
  }
  const binding = await installed();
  const fault = binding === undefined ? failure : await loadFault(binding);
  if (binding === undefined || fault !== undefined) {
    return {
      missing: `${reason}, and the package's own download did not work (${fault}); the portable executors are used`,
    };
  }
  const root = path.join(cacheRoot(), 'tensorflow');
  const result = { kind: 'cpu', dir: path.dirname(binding), binding, version: 'as downloaded by tfjs-node-gpu' };
  const tfjs = (await readJson(path.join(PACKAGE_FOLDER, 'package.json')))?.version;
  await publishJson(path.join(root, `tfjs-${tfjs}-${process.platform}-${process.arch}-cpu.json`), result);
  return result;
}

async function main(args) {
  const unknown = args.filter((arg) => !['--cpu', '--cuda', '--check'].includes(arg));
  if (unknown.length > 0) {
    console.error(`unknown option ${unknown.join(' ')}; known: --cpu, --cuda, --check`);
    return 2;
  }
  const device = args.includes('--cuda') ? 'cuda' : args.includes('--cpu') ? 'cpu' : 'auto';
  const result = await ensureTensorFlow({ device });
  if ('missing' in result) {
    console.error(`not available: ${result.missing}`);
    return args.includes('--check') ? 1 : 0;
  }
  console.log(`${result.kind} ${result.version} ${result.binding}`);
  return args.includes('--check') ? await checkLibraries(result, console.log) : 0;
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = await main(process.argv.slice(2));
}
