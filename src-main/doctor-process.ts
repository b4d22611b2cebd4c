import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { AppError } from '../src-shared/app-error.ts';
import { MachineReport } from '../src-shared/ipc/machine-report.ts';

/** Loading every executor takes seconds; more than this is a hang. */
const TIMEOUT_MS = 120_000;

/**
 * Looks at this machine's executors in a process of its own.
 * @param entry where the build put `engine-host/diagnose-main`, by default the source
 * @param execPath the Node to run it with
 */
export function doctorInOwnProcess(
  entry = new URL('./engine-host/diagnose-main.ts', import.meta.url),
  execPath = process.execPath,
): () => Promise<MachineReport> {
  return doctorFrom(async () => {
    const { stdout } = await promisify(execFile)(execPath, [fileURLToPath(entry)], { timeout: TIMEOUT_MS });
    return stdout;
  });
}

/**
 * A doctor that reads what `diagnose-main` prints. The answer is kept; a failure is not, so that asking again tries
 * again.
 */
export function doctorFrom(diagnose: () => Promise<string>): () => Promise<MachineReport> {
  let known: Promise<MachineReport> | undefined;
  return () => {
    known ??= read(diagnose).catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
}

/** @throws AppError executor/failed */
async function read(diagnose: () => Promise<string>): Promise<MachineReport> {
  try {
    const printed = await diagnose();
    return MachineReport.parse(JSON.parse(printed.slice(printed.indexOf('{'))));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new AppError('executor/failed', `This machine's executors could not be looked at: ${message}`, {}, error);
  }
}
