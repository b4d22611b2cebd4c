// @ts-check
/** `npm run bench:app`: the app's speed budgets, measured in chromium over 10 000 generated runs. */
import { fileURLToPath } from 'node:url';
import { runNode } from './run-node.mjs';
import { ensureChromium } from './setup/chromium.mjs';
import { log, PROJECT_DIR } from './setup/project.mjs';
import { enterProject } from './setup/set-up.mjs';

const args = process.argv.slice(2);
await enterProject(fileURLToPath(import.meta.url), args);
const chromium = await ensureChromium();
if ('missing' in chromium) log(`missing: chromium (${chromium.missing})`);
process.exit(await runNode(['tests/bench/bench-app.ts', ...args], { cwd: PROJECT_DIR }));
