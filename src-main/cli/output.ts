import { encodeNumber } from '../../src-shared/run/number-json.ts';

/** Where a command writes: results to standard output, everything else to standard error. */
export interface Output {
  readonly json: boolean;
  /** Standard error is a terminal, so a line may be redrawn. */
  readonly interactive: boolean;
  /** A result: one JSON object on a line of standard output, or with `--json` off its text for people. */
  result(value: Record<string, unknown>, text: string): void;
  /** A line for a person on standard error. */
  log(line: string): void;
  /** Redraws the last line of standard error; "" removes it. Does nothing when not interactive. */
  status(line: string): void;
}

export interface TextStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export function createOutput(json: boolean, stdout: TextStream, stderr: TextStream): Output {
  const interactive = stderr.isTTY === true;
  let shown = '';
  const clear = (): void => {
    if (shown !== '') stderr.write('\r\u001b[K');
  };
  return {
    json,
    interactive,
    result(value, text) {
      clear();
      stdout.write(`${json ? JSON.stringify(value, finiteOrWord) : text}\n`);
      if (shown !== '') stderr.write(shown);
    },
    log(line) {
      clear();
      stderr.write(`${line}\n`);
      if (shown !== '') stderr.write(shown);
    },
    status(line) {
      if (!interactive) return;
      clear();
      // A terminal that does not tell its width says 0.
      shown = line.slice(0, (stderr.columns || 100) - 1);
      if (shown !== '') stderr.write(shown);
    },
  };
}

/** JSON has no NaN or infinities; they are written as words rather than as null. */
function finiteOrWord(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? encodeNumber(value) : value;
}
