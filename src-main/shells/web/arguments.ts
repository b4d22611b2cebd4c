import { parseArgs } from 'node:util';
import { AppError } from '../../../src-shared/app-error.ts';

export const USAGE = `MetaLMO Studio, served to a browser.

  --port N      port to listen on (default: 4517, or a free one where that is taken)
  --host NAME   address to listen on (default: 127.0.0.1, this machine alone)
  --home DIR    where registry and files live (default: METALMO_HOME, else ~/.metalmo)
  --serve       for a machine without a screen: open no browser
  --no-open     the same
  --json        print the address as a JSON object
  --help        this text
`;

export interface WebArguments {
  readonly host: string;
  /** Undefined where none was asked for. */
  readonly port: number | undefined;
  readonly home: string | undefined;
  readonly open: boolean;
  readonly json: boolean;
  readonly help: boolean;
}

/** @throws AppError input/invalid for an unknown option or a port that is none */
export function parseWebArguments(args: readonly string[]): WebArguments {
  const { values } = parse(args);
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && (!/^\d+$/.test(values.port ?? '') || port > 65_535)) {
    throw new AppError('input/invalid', `--port takes a number from 0 to 65535; got '${values.port ?? ''}'.`);
  }
  return {
    host: values.host ?? '127.0.0.1',
    port,
    home: values.home,
    open: values.serve !== true && values['no-open'] !== true,
    json: values.json === true,
    help: values.help === true,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        home: { type: 'string' },
        serve: { type: 'boolean' },
        'no-open': { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new AppError('input/invalid', `${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}
