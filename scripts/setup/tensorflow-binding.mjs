/** Compiles @tensorflow/tfjs-node-gpu's own, unchanged binding sources against the C API inside a TensorFlow wheel. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { firstWorking, runCommand } from './run-command.mjs';

/** @returns {Promise<readonly string[] | undefined>} the command that compiles C++ */
export const findCompiler = () =>
  firstWorking([...(process.env.CXX ? [[process.env.CXX]] : []), ['g++'], ['clang++'], ['c++']]);

/** The folder of `node_api.h`: the pinned runtime's package, else the running Node's own. */
export function nodeHeaders(checkout) {
  const candidates = [
    path.join(checkout, 'node_modules', `node-${process.platform}-${process.arch}`, 'include', 'node'),
    path.resolve(path.dirname(process.execPath), '..', 'include', 'node'),
  ];
  return candidates.find((folder) => existsSync(path.join(folder, 'node_api.h')));
}

/**
 * @param {{ packageFolder: string, tensorflowFolder: string, headers: string, output: string, compiler: readonly string[] }} what
 *   `tensorflowFolder` holds libtensorflow_*.so.2 and include/; `output` is the .node file, found beside it by rpath
 *   `$ORIGIN`-relative, so the cache may be moved.
 * @throws Error with the compiler's last lines
 */
export async function compileBinding({ packageFolder, tensorflowFolder, headers, output, compiler }, finalFolder) {
  const sourceFolder = path.join(packageFolder, 'binding');
  const sources = (await readdir(sourceFolder)).filter((file) => file.endsWith('.cc'));
  if (sources.length === 0) throw new Error(`no binding sources in ${sourceFolder}`);
  const runPath = `$ORIGIN/${path.relative(finalFolder, tensorflowFolder)}`;
  const [command, ...leading] = compiler;
  const result = await runCommand(command, [
    ...leading,
    '-shared',
    '-fPIC',
    '-O2',
    '-std=c++17',
    '-w',
    '-DNAPI_VERSION=8',
    `-I${packageFolder}`,
    `-I${path.join(tensorflowFolder, 'include')}`,
    `-I${headers}`,
    ...sources.map((file) => path.join(sourceFolder, file)),
    '-o',
    output,
    `-L${tensorflowFolder}`,
    '-l:libtensorflow_cc.so.2',
    '-l:libtensorflow_framework.so.2',
    `-Wl,-rpath,${runPath}`,
  ]);
  if (result.code !== 0)
    throw new Error(`the binding could not be compiled: ${result.output.trim().split('\n').slice(-6).join(' | ')}`);
}
