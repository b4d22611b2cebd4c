import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { app, dialog, ipcMain, protocol, session, type BrowserWindow } from 'electron';
import { toAppError } from '../src-shared/app-error.ts';
import { resolveHome } from './cli/home.ts';
import { doctorInOwnProcess } from './doctor-process.ts';
import { openStudio, type Studio } from './open-studio.ts';
import { forkEngine } from './runs/engine-process.ts';
import { answerAppRequest, APP_SCHEME } from './shells/electron/app-protocol.ts';
import { lockDownContents, lockDownSession } from './shells/electron/lock-down.ts';
import { openMainWindow, showPage } from './shells/electron/main-window.ts';
import { answerPages, sendEvents } from './shells/electron/page-channel.ts';

/** Composition root of the Electron shell; the build puts it to out/main/index.js of the app's folder. */
const BUILD_DIRECTORY = join(app.getAppPath(), 'out');

app.enableSandbox();
protocol.registerSchemesAsPrivileged([
  { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);

// A second start shows the first one's window: two supervisors of one home would fight over its runs.
// Not awaited: Electron is ready only after this module has been evaluated.
if (app.requestSingleInstanceLock()) void start();
else app.quit();

async function start(): Promise<void> {
  try {
    lockDownContents(app);
    await app.whenReady();
    lockDownSession(session.defaultSession);
    protocol.handle(APP_SCHEME, ({ url, method }) => answerAppRequest(url, method, join(BUILD_DIRECTORY, 'renderer')));
    const studio = openStudio({ home: resolveHome(homeOption()), ...nodeProcesses() });
    answerPages(ipcMain, studio.dispatch);
    closeBeforeQuit(studio);
    await showWindow(studio);
  } catch (error) {
    dialog.showErrorBox('MetaLMO Studio', toAppError(error).message);
    app.exit(1);
  }
}

async function showWindow(studio: Studio): Promise<void> {
  const open = async (): Promise<BrowserWindow> => {
    const window = openMainWindow(join(BUILD_DIRECTORY, 'preload', 'preload.cjs'));
    sendEvents(window.webContents, studio.events);
    await showPage(window);
    return window;
  };
  let window = await open();
  app.on('second-instance', () => {
    if (window.isMinimized()) window.restore();
    window.focus();
  });
  // macOS keeps an app without windows; a click on its icon opens one.
  app.on('activate', () => {
    if (!window.isDestroyed()) return;
    void open().then((opened) => (window = opened));
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
}

/** Quitting waits until running runs are saved. */
function closeBeforeQuit(studio: Studio): void {
  let closing = false;
  app.on('before-quit', (event) => {
    if (closing) return;
    closing = true;
    event.preventDefault();
    studio.close().then(
      () => {
        app.exit(0);
      },
      (error: unknown) => {
        dialog.showErrorBox('MetaLMO Studio', toAppError(error).message);
        app.exit(1);
      },
    );
  });
}

/** Engines run under the checkout's own Node, from the sources; without it Electron's executable serves as one. */
function nodeProcesses(): Pick<Parameters<typeof openStudio>[0], 'launch' | 'doctor'> {
  const node = join(app.getAppPath(), 'node_modules', '.bin', 'node');
  const execPath = existsSync(node) ? node : process.execPath;
  const source = (file: string): URL => pathToFileURL(join(app.getAppPath(), 'src-main', 'engine-host', file));
  return {
    launch: forkEngine(source('main.ts'), execPath),
    doctor: doctorInOwnProcess(source('diagnose-main.ts'), execPath),
  };
}

function homeOption(): string | undefined {
  const { values } = parseArgs({
    args: process.argv.slice(app.isPackaged ? 1 : 2),
    options: { home: { type: 'string' } },
    strict: false,
  });
  return typeof values.home === 'string' ? values.home : undefined;
}
