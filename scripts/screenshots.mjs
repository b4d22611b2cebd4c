// @ts-check
/** `npm run screenshots`: pictures of every page over real runs, into resources/screenshots. */
import { fileURLToPath } from 'node:url';
import { runNode } from './run-node.mjs';
import { ensureChromium } from './setup/chromium.mjs';
import { chooseDevice } from './setup/device.mjs';
import { log, PROJECT_DIR } from './setup/project.mjs';
import { enterProject, prepareTensorFlow } from './setup/set-up.mjs';

const args = process.argv.slice(2);
await enterProject(fileURLToPath(import.meta.url), args);
const chromium = await ensureChromium();
if ('missing' in chromium) log(`missing: chromium (${chromium.missing})`);
const chosen = chooseDevice([], process.env.METALMO_DEVICE);
if (!('wrong' in chosen)) await prepareTensorFlow(chosen.device);
process.exit(await runNode(['tests/screenshots/make-screenshots.ts', ...args], { cwd: PROJECT_DIR }));
