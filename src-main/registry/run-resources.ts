import type { Registry } from './open-registry.ts';
import { statement } from './statements.ts';

/** Which machine a run computes on. */
export function setRunMachine(db: Registry, runId: string, machine: string): void {
  statement(db, 'UPDATE runs SET machine = ? WHERE run_id = ?').run(machine, runId);
}

/** The most resident memory that an engine of the run was seen with, bytes. */
export function raisePeakMemory(db: Registry, runId: string, bytes: number): void {
  statement(db, 'UPDATE runs SET peak_memory_bytes = ? WHERE run_id = ? AND coalesce(peak_memory_bytes, 0) < ?').run(
    bytes,
    runId,
    bytes,
  );
}

/** What a run takes on disk, as measured. */
export function setRunDiskBytes(db: Registry, runId: string, bytes: number): void {
  statement(db, 'UPDATE runs SET disk_bytes = ? WHERE run_id = ?').run(bytes, runId);
}
