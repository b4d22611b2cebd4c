import type { RunProgress } from '../../src-shared/run/records.ts';

const BAR_WIDTH = 24;

/** E.g. "3 %  [#...]  1 200/32 000  6 100 samples/s  5 s left  loss 2.31". */
export function progressLine(progress: RunProgress, loss: number | null): string {
  const share = progress.totalSteps === 0 ? 0 : progress.step / progress.totalSteps;
  const filled = Math.round(share * BAR_WIDTH);
  const bar = `${'#'.repeat(filled)}${'.'.repeat(BAR_WIDTH - filled)}`;
  const parts = [
    `${Math.floor(share * 100)} %`.padStart(5),
    `[${bar}]`,
    `${progress.examplesSeen}/${progress.totalExamples} examples`,
  ];
  if (progress.samplesPerSecond > 0) {
    parts.push(`${speed(progress.samplesPerSecond)} samples/s`);
    parts.push(`${duration((progress.totalExamples - progress.examplesSeen) / progress.samplesPerSecond)} left`);
  }
  if (loss !== null) parts.push(`loss ${loss.toFixed(4)}`);
  return parts.join('  ');
}

function speed(perSecond: number): string {
  return perSecond >= 100 ? String(Math.round(perSecond)) : perSecond.toPrecision(3);
}

/** Seconds as people say them: "45 s", "3 min 5 s", "2 h 10 min". */
export function duration(seconds: number): string {
  const total = Math.max(0, Math.round(seconds));
  if (total < 60) return `${total} s`;
  if (total < 3600) return `${Math.floor(total / 60)} min ${total % 60} s`;
  return `${Math.floor(total / 3600)} h ${Math.floor((total % 3600) / 60)} min`;
}
