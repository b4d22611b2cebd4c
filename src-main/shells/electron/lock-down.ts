import type { App, DownloadItem, Session, WebContents } from 'electron';
import { APP_ORIGIN, isAppUrl } from './app-protocol.ts';

/**
 * Nothing a page asks for beyond the contract is granted: no permission, device, window, frame or other address. Which
 * point of Electron's security checklist each line answers is in SECURITY.md beside this file.
 */
export function lockDownSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => {
    answer(false);
  });
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, answer) => {
    answer({});
  });
  session.setSpellCheckerEnabled(false);
  // Whatever the page's policy missed: no request leaves for anywhere but the app's own files.
  session.webRequest.onBeforeRequest((details, answer) => {
    answer({ cancel: !isOwnResource(details.url) });
  });
  session.on('will-download', (event, item) => {
    if (isOwnFile(item.getURL())) askWhere(item);
    else event.preventDefault();
  });
}

export function lockDownContents(app: App): void {
  app.on('web-contents-created', (_event, contents: WebContents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.on('will-navigate', (event) => {
      if (!isAppUrl(event.url)) event.preventDefault();
    });
    contents.on('will-frame-navigate', (event) => {
      if (!event.isMainFrame || !isAppUrl(event.url)) event.preventDefault();
    });
    contents.on('will-redirect', (event) => {
      event.preventDefault();
    });
    contents.on('will-attach-webview', (event) => {
      event.preventDefault();
    });
  });
  // Nobody is asked to sign in, to choose a certificate or to trust a broken one.
  app.on('login', (event) => {
    event.preventDefault();
  });
  app.on('select-client-certificate', (event, _contents, _url, _list, choose) => {
    event.preventDefault();
    choose();
  });
  app.on('certificate-error', (event, _contents, _url, _error, _certificate, answer) => {
    event.preventDefault();
    answer(false);
  });
}

/** The page's files, files it made itself, and the developer tools. */
export function isOwnResource(url: string): boolean {
  return isAppUrl(url) || isOwnFile(url) || url.startsWith('devtools://');
}

/** A file that the page made (an export, a picture), which it offers to save. */
function isOwnFile(url: string): boolean {
  return url.startsWith(`blob:${APP_ORIGIN}/`);
}

/** The system's save dialog. */
function askWhere(item: DownloadItem): void {
  const name = item.getFilename();
  const extension = /\.([a-z0-9]+)$/i.exec(name)?.[1];
  item.setSaveDialogOptions({
    title: `Save ${name}`,
    defaultPath: name,
    filters: [
      ...(extension === undefined ? [] : [{ name: extension.toUpperCase(), extensions: [extension] }]),
      { name: 'All files', extensions: ['*'] },
    ],
  });
}
