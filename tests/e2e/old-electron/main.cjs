// @ts-check
'use strict';
/**
 * Main process for Electron 9.4.1 (Node 12), the one that can be had where Electron's own binary can't. It has none of
 * the calls that the product's Electron shell is written for, so this file stands in for that shell and nothing more:
 * what a window asks goes to host.ts, where the product's code answers under its own Node. The test drives it by messages.
 */
const { spawn } = require('child_process');
const { app, BrowserWindow, ipcMain, protocol } = require('electron');

const { HOST_NODE, HOST_SCRIPT, HOST_HOME, HOST_PAGE, PRELOAD } = process.env;
const host = spawn(String(HOST_NODE), [String(HOST_SCRIPT), String(HOST_HOME), String(HOST_PAGE)], {
  stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
});
let nextId = 1;
const waiting = new Map();
/** @type {import('electron').BrowserWindow | undefined} */
let win;

/** @param {Record<string, unknown>} question */
function ask(question) {
  const id = nextId++;
  return new Promise((resolve) => {
    waiting.set(id, resolve);
    host.send({ id, ...question });
  });
}

host.on('message', (message) => {
  if (message.event !== undefined) {
    if (win !== undefined && !win.isDestroyed()) win.webContents.send('metalmo:event', message.event);
    return;
  }
  waiting.get(message.id)(message.answer);
  waiting.delete(message.id);
});

protocol.registerSchemesAsPrivileged([
  { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);

app.whenReady().then(() => {
  protocol.registerBufferProtocol('app', (request, answer) => {
    void ask({ kind: 'page', url: request.url, method: request.method }).then(({ status, headers, base64 }) => {
      const mimeType = String(headers['content-type'] || 'text/plain').split(';')[0];
      answer({ statusCode: status, headers, mimeType, data: Buffer.from(base64, 'base64') });
    });
  });
  ipcMain.handle('metalmo:request', (event, message) => ask({ kind: 'request', url: event.sender.getURL(), message }));
  win = new BrowserWindow({
    width: 1280,
    height: 800,
    webPreferences: {
      preload: PRELOAD,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      enableRemoteModule: false,
    },
  });
  const said = [];
  win.webContents.on('console-message', (_event, level, text) => said.push(`${level}: ${text}`));
  const drive = {
    open: (url) => win.loadURL(url),
    evaluate: (code) => win.webContents.executeJavaScript(code),
    picture: () => win.webContents.capturePage().then((image) => image.toPNG().toString('base64')),
    title: () => win.getTitle(),
    console: () => said,
    /** A request that comes from elsewhere than the app's page. */
    foreign: (message) => ask({ kind: 'request', url: 'https://example.com/', message }),
    fetch: (url) => ask({ kind: 'page', url, method: 'GET' }).then(({ status }) => status),
  };
  process.on('message', ({ id, what, value }) => {
    Promise.resolve()
      .then(() => drive[what](value))
      .then(
        (result) => process.send({ id, result }),
        (error) => process.send({ id, error: String(error) }),
      );
  });
  process.send({ id: 0 });
});

app.on('window-all-closed', () => app.quit());
process.on('disconnect', () => app.exit(0));
app.on('will-quit', () => host.kill('SIGTERM'));
