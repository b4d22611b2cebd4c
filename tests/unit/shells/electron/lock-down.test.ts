import { EventEmitter } from 'node:events';
import type { App, Session } from 'electron';
import { describe, expect, it, vi } from 'vitest';
import { isOwnResource, lockDownContents, lockDownSession } from '../../../../src-main/shells/electron/lock-down.ts';

/** A session that keeps what it was told, so that it can be asked as Electron would ask. */
function lockedSession() {
  const told: Record<string, (...args: never[]) => unknown> = {};
  const keep =
    (name: string) =>
    (handler: (...args: never[]) => unknown): void => {
      told[name] = handler;
    };
  const session = {
    setPermissionRequestHandler: keep('permission'),
    setPermissionCheckHandler: keep('check'),
    setDevicePermissionHandler: keep('device'),
    setDisplayMediaRequestHandler: keep('screen'),
    setSpellCheckerEnabled: () => undefined,
    webRequest: { onBeforeRequest: keep('request') },
    on: (name: string, listener: (...args: never[]) => unknown) => keep(name)(listener),
  };
  lockDownSession(session as unknown as Session);
  return (name: string, ...args: unknown[]): unknown => (told[name] as (...all: unknown[]) => unknown)(...args);
}

const event = () => ({ preventDefault: vi.fn() });

describe('the session', () => {
  it('grants no permission, device or screen', () => {
    const ask = lockedSession();
    const granted = vi.fn();
    for (const permission of ['media', 'notifications', 'openExternal', 'clipboard-read']) {
      ask('permission', {}, permission, granted);
    }
    expect(granted.mock.calls.flat()).toEqual([false, false, false, false]);
    expect([ask('check'), ask('device')]).toEqual([false, false]);
    const shared = vi.fn();
    ask('screen', {}, shared);
    expect(shared).toHaveBeenCalledWith({});
  });

  it.each([
    ['app://studio/assets/index.js', false],
    ['blob:app://studio/1-2', false],
    ['devtools://devtools/bundled/x.js', false],
    ['https://example.com/', true],
    ['http://127.0.0.1:4517/', true],
    ['file:///etc/passwd', true],
    ['app://other/index.html', true],
    ['app://studio.evil/index.html', true],
    ['blob:https://example.com/1', true],
    ['ws://127.0.0.1:1/', true],
  ])('a request for %s is cancelled: %s', (url, cancel) => {
    const answer = vi.fn();
    lockedSession()('request', { url }, answer);
    expect(answer).toHaveBeenCalledWith({ cancel });
    expect(isOwnResource(url)).toBe(!cancel);
  });

  it('saves a file that the page made where the person says, and no other', () => {
    const ask = lockedSession();
    const [own, foreign] = [event(), event()];
    const options = vi.fn();
    const item = (url: string) => ({
      getURL: () => url,
      getFilename: () => 'losses.csv',
      setSaveDialogOptions: options,
    });
    ask('will-download', own, item('blob:app://studio/1'));
    ask('will-download', foreign, item('https://example.com/losses.csv'));
    expect(own.preventDefault).not.toHaveBeenCalled();
    expect(foreign.preventDefault).toHaveBeenCalledOnce();
    expect(options).toHaveBeenCalledOnce();
    expect(options.mock.lastCall?.[0]).toMatchObject({
      defaultPath: 'losses.csv',
      filters: [{ extensions: ['csv'] }, {}],
    });
  });
});

describe('web contents', () => {
  function lockedContents() {
    const app = new EventEmitter();
    lockDownContents(app as unknown as App);
    const contents = Object.assign(new EventEmitter(), { setWindowOpenHandler: vi.fn() });
    app.emit('web-contents-created', {}, contents);
    return { app, contents };
  }

  it.each([
    ['will-navigate', { url: 'app://studio/index.html#/runs' }, 0],
    ['will-navigate', { url: 'https://example.com/' }, 1],
    ['will-navigate', { url: 'file:///etc/passwd' }, 1],
    ['will-frame-navigate', { url: 'app://studio/index.html', isMainFrame: true }, 0],
    ['will-frame-navigate', { url: 'app://studio/index.html', isMainFrame: false }, 1],
    ['will-redirect', { url: 'app://studio/index.html' }, 1],
    ['will-attach-webview', {}, 1],
  ])('%s to %j is refused: %i', (name, details, times) => {
    const { contents } = lockedContents();
    const asked = { ...event(), ...details };
    contents.emit(name, asked);
    expect(asked.preventDefault).toHaveBeenCalledTimes(times);
  });

  it('open no window, sign in nowhere and trust no broken certificate', () => {
    const { app, contents } = lockedContents();
    const open = contents.setWindowOpenHandler.mock.lastCall?.[0] as () => unknown;
    expect(open()).toEqual({ action: 'deny' });
    const [asked, trust] = [event(), vi.fn()];
    app.emit('certificate-error', asked, contents, 'https://x', 'bad', {}, trust);
    app.emit('login', asked);
    expect(asked.preventDefault).toHaveBeenCalledTimes(2);
    expect(trust).toHaveBeenCalledWith(false);
  });
});
