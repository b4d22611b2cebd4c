import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { notificationRight, showBrowserNotifications } from '../../../../src-renderer/state/browser-notifications.ts';

class FakeNotification {
  static permission: NotificationPermission = 'granted';
  static shown: FakeNotification[] = [];
  click: () => void = () => undefined;
  readonly close = vi.fn();
  readonly title: string;
  readonly options: NotificationOptions;

  constructor(title: string, options: NotificationOptions) {
    this.title = title;
    this.options = options;
    FakeNotification.shown.push(this);
  }

  addEventListener(_: string, listener: () => void): void {
    this.click = listener;
  }
}

describe('notifications of a page in a browser', () => {
  let hasFocus = false;
  let tell: (body: { runId: string; title: string; text: string; kind: 'good' | 'bad' }) => void;
  const open = vi.fn();

  beforeEach(() => {
    FakeNotification.permission = 'granted';
    FakeNotification.shown = [];
    hasFocus = false;
    vi.stubGlobal('Notification', FakeNotification);
    vi.stubGlobal('document', { hasFocus: () => hasFocus });
    vi.stubGlobal('window', { focus: vi.fn() });
    showBrowserNotifications(
      {
        on: (_name, listener) => {
          tell = listener as never;
          return () => undefined;
        },
      },
      open,
    );
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    open.mockClear();
  });

  const ended = { runId: 'r1', title: 'mlm has failed', text: 'Out of memory.', kind: 'bad' as const };

  it('tell of a run while nobody looks, and open it', () => {
    tell(ended);
    const [shown] = FakeNotification.shown;
    expect(shown).toMatchObject({ title: 'mlm has failed', options: { body: 'Out of memory.', tag: 'r1' } });
    shown?.click();
    expect(open).toHaveBeenCalledWith('r1');
    expect(shown?.close).toHaveBeenCalledOnce();
  });

  it('stay away while somebody looks, and where the browser refuses', () => {
    hasFocus = true;
    tell(ended);
    hasFocus = false;
    FakeNotification.permission = 'denied';
    tell(ended);
    expect(FakeNotification.shown).toEqual([]);
    expect(notificationRight()).toBe('denied');
    vi.stubGlobal('Notification', undefined);
    Reflect.deleteProperty(globalThis, 'Notification');
    expect(notificationRight()).toBe('unavailable');
  });
});
