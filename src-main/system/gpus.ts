import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { SystemSample } from '../../src-shared/ipc/contract/system.ts';

const QUERY = ['--query-gpu=name,utilization.gpu,memory.used,memory.total', '--format=csv,noheader,nounits'];
const MEBIBYTE = 1024 * 1024;
/** A driver that hangs must not hold up the rest. */
const TIMEOUT_MS = 4000;

let isMissing = false;

/** NVIDIA's GPUs as `nvidia-smi` sees them; empty where there is none, which is not asked again. */
export async function readGpus(): Promise<SystemSample['gpus']> {
  if (isMissing) return [];
  try {
    const { stdout } = await promisify(execFile)('nvidia-smi', QUERY, { timeout: TIMEOUT_MS });
    return parseGpus(stdout);
  } catch (error) {
    isMissing = error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 9);
    return [];
  }
}

/** Lines of "name, percent, MiB used, MiB in all"; what a card does not tell ("[N/A]") is 0. */
export function parseGpus(csv: string): SystemSample['gpus'] {
  return csv
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const fields = line.split(',').map((field) => field.trim());
      const number = (index: number): number => {
        const value = Number(fields.at(index));
        return Number.isFinite(value) ? value : 0;
      };
      return {
        name: fields.slice(0, -3).join(', '),
        share: number(-3) / 100,
        memoryUsedBytes: number(-2) * MEBIBYTE,
        memoryTotalBytes: number(-1) * MEBIBYTE,
      };
    });
}
