import { readFileSync } from 'node:fs';

export interface ProcessUse {
  /** CPU time of all its threads since its start, milliseconds. */
  readonly cpuMs: number;
  /** Resident memory now and at its peak, bytes. */
  readonly memoryBytes: number;
  readonly peakMemoryBytes: number;
}

/** Clock ticks of /proc are hundredths of a second on every Linux that Node runs on. */
const TICK_MS = 10;

/** What a process uses, from /proc; undefined where it is gone or the system has no /proc (macOS, Windows). */
export function readProcessUse(pid: number): ProcessUse | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    // The second field is the name in parentheses, which may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = Number(fields[11]) + Number(fields[12]);
    return {
      cpuMs: ticks * TICK_MS,
      memoryBytes: kilobytes(status, 'VmRSS'),
      peakMemoryBytes: kilobytes(status, 'VmHWM'),
    };
  } catch {
    // Gone between listing and reading, or no /proc: there is nothing to say of it.
    return undefined;
  }
}

function kilobytes(status: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) * 1024;
}
