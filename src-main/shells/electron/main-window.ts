import { BrowserWindow, screen } from 'electron';
import { APP_ORIGIN } from './app-protocol.ts';
import { placeWindow, readWindowState, SMALLEST, writeWindowState } from './window-state.ts';

/** The one window: sandboxed, its page reaches nothing but the preload script's bridge. It opens where it was. */
export function openMainWindow(preload: string, stateFile: string): BrowserWindow {
  const kept = readWindowState(stateFile);
  const screens = [screen.getPrimaryDisplay(), ...screen.getAllDisplays()].map(({ workArea }) => workArea);
  const window = new BrowserWindow({
    title: 'MetaLMO Studio',
    ...placeWindow(kept, screens),
    minWidth: SMALLEST.width,
    minHeight: SMALLEST.height,
    show: false,
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      spellcheck: false,
    },
  });
  if (kept?.isMaximized === true) window.maximize();
  window.once('ready-to-show', () => {
    window.show();
  });
  return window;
}

export function rememberWindow(window: BrowserWindow, stateFile: string): void {
  writeWindowState(stateFile, { ...window.getNormalBounds(), isMaximized: window.isMaximized() });
}

/** Loads the page, or within it another place ("#/runs"); apart from opening, so that events can be wired before. */
export function showPage(window: BrowserWindow, place = ''): Promise<void> {
  return window.loadURL(`${APP_ORIGIN}/index.html${place}`);
}
