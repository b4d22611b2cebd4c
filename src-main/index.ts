import { hostname } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  app,
  dialog,
  ipcMain,
  Menu,
  Notification,
  protocol,
  session,
  shell,
  utilityProcess,
  type BrowserWindow,
} from 'electron';
import { toAppError } from '../src-shared/app-error.ts';
import { resolveHome } from './cli/home.ts';
import { createHostSwitch } from './hosts/host-switch.ts';
import { openStudio } from './open-studio.ts';
import { answerAppRequest, APP_SCHEME } from './shells/electron/app-protocol.ts';
import { closeBeforeQuit } from './shells/electron/close-studio.ts';
import { engineProcesses } from './shells/electron/engine-processes.ts';
import { lockDownContents, lockDownSession } from './shells/electron/lock-down.ts';
import { openMainWindow, rememberWindow, showPage } from './shells/electron/main-window.ts';
import { menuTemplate } from './shells/electron/menu.ts';
import { answerPages, sendEvents } from './shells/electron/page-channel.ts';
import { showNotifications } from './shells/electron/show-notifications.ts';
import { lockHome } from './shells/home-lock.ts';

/** Composition root of the Electron shell; the build puts it to out/main/index.js of the app's folder. */
const BUILD_DIRECTORY = join(app.getAppPath(), 'out');

app.enableSandbox();
protocol.registerSchemesAsPrivileged([
  { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);

// A second start shows the first one's window. Not awaited: Electron is ready only after this module was evaluated.
if (app.requestSingleInstanceLock()) void start();
else app.quit();

async function start(): Promise<void> {
  try {
    lockDownContents(app);
    await app.whenReady();
    lockDownSession(session.defaultSession);
    protocol.handle(APP_SCHEME, ({ url, method }) => answerAppRequest(url, method, join(BUILD_DIRECTORY, 'renderer')));
    const home = resolveHome(homeOption());
    // Electron's own lock knows windows alone; this one keeps a web shell and a window from one home.
    const lock = lockHome(home, 'window');
    const studio = openStudio({
      home,
      ...engineProcesses(app.getAppPath(), (...args) => utilityProcess.fork(...args)),
    });
    const pages = createHostSwitch({
      home,
      dispatch: studio.dispatch,
      events: studio.events,
      async choosePath(title, kind) {
        const properties = [kind === 'file' ? ('openFile' as const) : ('openDirectory' as const)];
        const window = windows.current();
        const { filePaths } = await (window === undefined
          ? dialog.showOpenDialog({ title, properties })
          : dialog.showOpenDialog(window, { title, properties }));
        return filePaths[0] ?? null;
      },
    });
    answerPages(ipcMain, pages.dispatch);
    const windows = oneWindow((window) => sendEvents(window.webContents, pages.events));
    closeBeforeQuit({
      app,
      dialog,
      studio,
      onSaving: () => windows.current()?.setProgressBar(2),
      onClosed: () => {
        windows.remember();
        pages.close();
        lock.release();
      },
    });
    setMenu(home, windows);
    showNotifications(pages.events, {
      make: (options) => new Notification(options),
      isLooking: () => windows.current()?.isFocused() ?? false,
      open: (runId) => void windows.show(`#/runs/${encodeURIComponent(runId)}`),
    });
    await windows.show();
  } catch (error) {
    dialog.showErrorBox('MetaLMO Studio', toAppError(error).message);
    app.exit(1);
  }
}

interface Windows {
  current(): BrowserWindow | undefined;
  /** Writes down where the window is, for the next start. */
  remember(): void;
  /** Brings the window forward, opened anew where it was closed (macOS keeps an app without one). */
  show(place?: string): Promise<void>;
}

function oneWindow(wire: (window: BrowserWindow) => void): Windows {
  const stateFile = join(app.getPath('userData'), 'window.json');
  let window: BrowserWindow | undefined;
  const current = (): BrowserWindow | undefined => (window?.isDestroyed() === false ? window : undefined);
  const show = async (place?: string): Promise<void> => {
    const there = current();
    if (there === undefined) {
      window = openMainWindow(join(BUILD_DIRECTORY, 'preload', 'preload.cjs'), stateFile);
      window.on('close', quitInstead);
      wire(window);
      return showPage(window, place);
    }
    if (there.isMinimized()) there.restore();
    there.focus();
    if (place !== undefined) await showPage(there, place);
  };
  const remember = (): void => {
    const there = current();
    if (there !== undefined) rememberWindow(there, stateFile);
  };
  // Elsewhere than on macOS the app ends with its window, which stays until the person has said so.
  const quitInstead = (event: { preventDefault(): void }): void => {
    remember();
    if (process.platform === 'darwin') return;
    event.preventDefault();
    app.quit();
  };
  app.on('second-instance', () => void show());
  app.on('activate', () => void show());
  // Without a listener Electron quits here, on macOS too.
  app.on('window-all-closed', () => undefined);
  return { current, remember, show };
}

function setMenu(home: string, windows: Windows): void {
  app.setAboutPanelOptions({
    applicationName: 'MetaLMO Studio',
    applicationVersion: app.getVersion(),
    copyright: 'MIT licence',
    credits: `Home of the runs: ${home} on ${hostname()}`,
  });
  const history = () => windows.current()?.webContents.navigationHistory;
  const template = menuTemplate(process.platform, {
    go: (place) => void windows.show(place),
    back: () => history()?.goBack(),
    forward: () => history()?.goForward(),
    openHome: () => void shell.openPath(home),
    about: () => {
      app.showAboutPanel();
    },
  });
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

function homeOption(): string | undefined {
  const { values } = parseArgs({
    args: process.argv.slice(app.isPackaged ? 1 : 2),
    options: { home: { type: 'string' } },
    strict: false,
  });
  return typeof values.home === 'string' ? values.home : undefined;
}
