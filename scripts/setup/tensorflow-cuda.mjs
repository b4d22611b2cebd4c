/** What the CUDA build needs beside the TensorFlow wheel. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { runCommand } from './run-command.mjs';

/** How an NVIDIA driver shows itself, in words; undefined where there is none. */
export async function findNvidiaDriver() {
  if (process.platform !== 'linux') return undefined;
  if (existsSync('/proc/driver/nvidia/version')) return '/proc/driver/nvidia';
  const smi = await runCommand('nvidia-smi', ['-L'], { timeoutMs: 20_000 });
  if (smi.code === 0 && smi.output.includes('GPU ')) return `nvidia-smi: ${smi.output.trim().split('\n')[0]}`;
  const folders = [
    '/usr/lib/x86_64-linux-gnu',
    '/usr/lib64',
    '/usr/lib/aarch64-linux-gnu',
    '/usr/local/nvidia/lib64',
    '/usr/lib/wsl/lib',
  ];
  const library = folders.map((folder) => path.join(folder, 'libcuda.so.1')).find((file) => existsSync(file));
  return library;
}

/**
 * The exact library wheels of the `and-cuda` extra, read from the wheel's own METADATA.
 * @returns {Promise<string[]>} e.g. ["nvidia-cublas-cu12==12.9.1.4", …]
 */
export async function cudaRequirements(metadataFile) {
  const lines = (await readFile(metadataFile, 'utf8')).split('\n');
  return lines.flatMap((line) => {
    const match = /^Requires-Dist:\s*(nvidia-[\w.-]+)\s*(?:\[[^\]]*\])?\s*\(?([<>=!~][^;)]*)\)?\s*;.*and-cuda/.exec(
      line,
    );
    return match ? [`${match[1]}${match[2].replaceAll(' ', '')}`] : [];
  });
}
