// @ts-check
/**
 * `npm run package`: the desktop app's packages for this system, in dist/. Options go to electron-builder (e.g. `--dir`
 * for the folder alone, `--linux deb`). It fetches Electron's binary and its own tools where they are not cached.
 */
import { BUILDS, ensureBuilt } from './build/builds.mjs';
import { runNode, tool } from './run-node.mjs';
import { log, PROJECT_DIR } from './setup/project.mjs';
import { enterProject } from './setup/set-up.mjs';
import { fileURLToPath } from 'node:url';

const options = process.argv.slice(2);
await enterProject(fileURLToPath(import.meta.url), options);
for (const build of [BUILDS.electron, BUILDS.engine]) {
  if (await ensureBuilt(PROJECT_DIR, build, log)) continue;
  log(`the ${build.name} could not be built; the message is above`);
  process.exit(3);
}
const config = ['--config', 'electron-builder.config.ts', '--publish', 'never'];
process.exitCode = await runNode([tool(PROJECT_DIR, 'electron-builder/cli.js'), ...config, ...options], {
  cwd: PROJECT_DIR,
});
