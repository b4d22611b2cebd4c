import { AppError } from '../../../src-shared/app-error.ts';
import type { CommandArguments } from '../command.ts';
import type { Output } from '../output.ts';
import { duration } from '../progress-line.ts';

export interface ImportStatus {
  show(bytesRead: number, bytesTotal: number, counts: string): void;
  /** Removes the line; seconds since the begin. */
  finish(): number;
}

/** How far an import is, and about how long it still takes. */
export function createImportStatus(output: Output): ImportStatus {
  const startedMs = performance.now();
  const seconds = (): number => (performance.now() - startedMs) / 1000;
  return {
    show(bytesRead, bytesTotal, counts) {
      const share = bytesTotal === 0 ? 1 : bytesRead / bytesTotal;
      const left = share > 0 ? duration(seconds() / share - seconds()) : '?';
      output.status(`${Math.floor(100 * share)} %  ${counts}  ${left} left`);
    },
    finish() {
      output.status('');
      return seconds();
    },
  };
}

/** The PATH of `data import KIND PATH`. @throws AppError input/invalid */
export function sourceOf(args: CommandArguments, kind: string): string {
  const source = args.positionals[2];
  if (source !== undefined && source !== '') return source;
  throw new AppError('input/invalid', `metalmo data import ${kind} needs a PATH. See \`metalmo data --help\`.`);
}
