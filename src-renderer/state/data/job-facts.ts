import type { DataJob } from '../../../src-shared/ipc/contract/data.ts';
import { formatBytes } from '../../format/bytes.ts';
import { formatCount, formatShare } from '../../format/number.ts';
import { formatDuration } from '../../format/time.ts';

/** How a job goes, in a line: "tokenizing, 12 %, 4.8 MB of 40 MB, 280 articles". */
export function progressLine({ state, progress }: DataJob): string {
  if (state === 'waiting') return 'waits for the one before it';
  if (state === 'cancelling') return 'is being cancelled';
  if (progress === null) return 'starting';
  const { phase, share, bytesRead, bytesTotal, counts } = progress;
  return [
    phase,
    formatShare(share),
    ...(bytesTotal > 0 ? [`${formatBytes(bytesRead)} of ${formatBytes(bytesTotal)}`] : []),
    ...countWords(counts),
  ].join(', ');
}

/** How a job ended, in a line. */
export function endLine({ state, startedAtMs, endedAtMs }: DataJob): string {
  if (state === 'cancelled') return 'cancelled, nothing was kept';
  if (state === 'failed') return 'failed, nothing was kept';
  return startedAtMs === null || endedAtMs === null
    ? 'done'
    : `done in ${formatDuration((endedAtMs - startedAtMs) / 1000)}`;
}

function countWords(counts: Readonly<Record<string, number>>): string[] {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${formatCount(count)} ${what}`);
}
