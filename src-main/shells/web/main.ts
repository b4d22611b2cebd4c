import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { AppError, toAppError } from '../../../src-shared/app-error.ts';
import { resolveHome } from '../../cli/home.ts';
import { doctorInOwnProcess } from '../../doctor-process.ts';
import { createHostSwitch } from '../../hosts/host-switch.ts';
import { openStudio } from '../../open-studio.ts';
import { forkEngine } from '../../runs/engine-process.ts';
import { lockHome } from '../home-lock.ts';
import { parseWebArguments, USAGE, type WebArguments } from './arguments.ts';
import { openBrowser } from './open-browser.ts';
import { shownHost } from './origin.ts';
import { openWebShell, type WebShell, type WebShellOptions } from './web-shell.ts';

/** Entry of the web shell: `node src-main/shells/web/main.ts [options]`. */
const DEFAULT_PORT = 4517;
const RENDERER_DIRECTORY = fileURLToPath(new URL('../../../out/renderer', import.meta.url));
const LOOPBACK = ['127.0.0.1', 'localhost', '::1'];

try {
  const args = parseWebArguments(process.argv.slice(2));
  if (args.help) process.stdout.write(USAGE);
  else await serve(args);
} catch (error) {
  const { code, message } = toAppError(error);
  process.stderr.write(`${message}\n`);
  process.exitCode = code === 'input/invalid' ? 2 : 1;
}

async function serve(args: WebArguments): Promise<void> {
  if (!existsSync(RENDERER_DIRECTORY)) {
    throw new AppError('file/not-found', 'The page has not been built. Use `npm start`, which builds it.');
  }
  const home = resolveHome(args.home);
  const lock = lockHome(home, 'browser');
  const studio = openStudio({ home, launch: forkEngine(), doctor: doctorInOwnProcess() });
  const pages = createHostSwitch({ home, dispatch: studio.dispatch, events: studio.events });
  const sessionFile = join(home, 'sessions.json');
  let shell: WebShell;
  try {
    const options = { host: args.host, rendererDirectory: RENDERER_DIRECTORY, pages, studio, sessionFile };
    shell = await listen(options, args.port);
  } catch (error) {
    await studio.close();
    throw error;
  }
  lock.announce(`http://${shownHost(shell.host)}:${shell.port}`);
  closeOnSignal(async () => {
    const runs = studio.supervisor.ownRunIds().length;
    if (runs > 0) process.stderr.write(`Saving ${runs} ${runs === 1 ? 'run' : 'runs'}. Ctrl-C again ends at once.\n`);
    pages.close();
    await studio.close();
    await shell.close();
    lock.release();
  });
  announce(shell, args, home);
}

/** The usual port, or any free one where that is taken; a port that was asked for is the only one tried. */
async function listen(options: Omit<WebShellOptions, 'port'>, port: number | undefined): Promise<WebShell> {
  if (port !== undefined) return openWebShell({ ...options, port });
  try {
    return await openWebShell({ ...options, port: DEFAULT_PORT });
  } catch {
    return openWebShell({ ...options, port: 0 });
  }
}

function announce(shell: WebShell, args: WebArguments, home: string): void {
  const address = shell.issueAddress();
  if (args.json) process.stdout.write(`${JSON.stringify({ address, host: shell.host, port: shell.port, home })}\n`);
  else process.stdout.write(`\nMetaLMO Studio is ready. Open this address (it works once):\n\n  ${address}\n\n`);
  if (!LOOPBACK.includes(shell.host)) {
    process.stderr.write('Listening beyond this machine, unencrypted: anyone on the network can read what is sent.\n');
  } else if (!args.open) {
    const { port } = shell;
    process.stderr.write(`From another machine: ssh -L ${port}:127.0.0.1:${port} THIS_HOST, then open it there.\n`);
  }
  if (args.open) openBrowser(address);
  if (!process.stdin.isTTY) return;
  process.stderr.write('Press Enter for another address, Ctrl-C to save running runs and end.\n');
  createInterface({ input: process.stdin }).on('line', () => {
    process.stdout.write(`  ${shell.issueAddress()}\n`);
  });
}

/** The first signal ends cleanly, the second at once. */
function closeOnSignal(close: () => Promise<void>): void {
  let asked = false;
  const onSignal = (): void => {
    if (asked) process.exit(130);
    asked = true;
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${toAppError(error).message}\n`);
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
}
