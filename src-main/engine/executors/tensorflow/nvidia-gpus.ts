import { execFile } from 'node:child_process';

/** Names of the GPUs that NVIDIA's driver reports; none where there is no driver. */
export function listNvidiaGpus(): Promise<string[]> {
  return new Promise((resolve) => {
    execFile(
      'nvidia-smi',
      ['--query-gpu=name,memory.total', '--format=csv,noheader'],
      { timeout: 10_000 },
      (error, output) => {
        resolve(
          error === null
            ? output
                .trim()
                .split('\n')
                .filter((line) => line !== '')
            : [],
        );
      },
    );
  });
}
