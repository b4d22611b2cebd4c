// @ts-check
/** Every check of `npm test` that runs no test. */
import { BUILDS, ensureBuilt } from '../build/builds.mjs';
import { tool } from '../run-node.mjs';
import { runCommand } from '../setup/run-command.mjs';

/** Name, and the command below node_modules; the longest first, so that they end together when two run at a time. */
const CHECKS = [
  ['prettier', 'prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.'],
  ['tsc', 'typescript/bin/tsc', '--noEmit'],
  [
    'svelte-check',
    'svelte-check/bin/svelte-check',
    '--tsconfig=src-renderer/tsconfig.json',
    '--fail-on-warnings',
    '--output=human',
  ],
  ['eslint', 'eslint/bin/eslint.js', '--max-warnings=0', '.'],
  ['oxlint', 'oxlint/bin/oxlint', '--type-aware', '--deny-warnings', '--report-unused-disable-directives', '.'],
  [
    'dependency-cruiser',
    'dependency-cruiser/bin/dependency-cruiser.mjs',
    '--config=.dependency-cruiser.mjs',
    ...['src-main', 'src-shared', 'src-renderer', 'scripts', 'bin', 'tests'],
  ],
  ['knip', 'knip/bin/knip.js', '--no-progress'],
];

/**
 * @param {string} projectDir
 * @param {(line: string) => void} log
 * @returns {import('./stages.mjs').Stage[]}
 */
export function staticChecks(projectDir, log) {
  const checks = CHECKS.map(([name = '', file = '', ...args]) => ({
    name,
    run: async (/** @type {(line: string) => void} */ print) => {
      const { code, output } = await runCommand(process.execPath, [tool(projectDir, file), ...args], {
        cwd: projectDir,
      });
      if (output.trim() !== '') print(output.trimEnd());
      return code === 0;
    },
  }));
  const build = { name: 'build', run: () => ensureBuilt(projectDir, BUILDS.electron, log) };
  return [...checks, build];
}
