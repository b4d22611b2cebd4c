#!/usr/bin/env node
// @ts-check
/** The `metalmo` command: src-main/cli.ts under the project's own Node, from any directory, through any link. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { useCompileCache } from '../scripts/setup/compile-cache.mjs';
import { isThisNode, missingNodeMessage, projectNode } from '../scripts/setup/node-runtime.mjs';
import { endWithNpm, ignoreEchoes } from '../scripts/setup/signals.mjs';

const projectDir = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const cli = path.join(projectDir, 'src-main', 'cli.ts');

/** @param {string} message */
function refuse(message) {
  process.stderr.write(`metalmo: ${message}\n`);
  process.exit(3);
}

if (!existsSync(path.join(projectDir, 'node_modules', '.package-lock.json'))) {
  refuse(`the packages are not installed; run \`npm start\` or \`npm test\` in ${projectDir} once, it installs them.`);
}
useCompileCache();
const node = projectNode(projectDir);
if (node === undefined) refuse(missingNodeMessage());
else if (isThisNode(node)) {
  endWithNpm();
  ignoreEchoes();
  // In this process: nothing to start twice, and a signal has one receiver.
  process.argv[1] = cli;
  await import('../src-main/cli.ts');
} else {
  endWithNpm();
  const { handOver } = await import('../scripts/setup/hand-over.mjs');
  process.exit(await handOver(node, cli, process.argv.slice(2)));
}
