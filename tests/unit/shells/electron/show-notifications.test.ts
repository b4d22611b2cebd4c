import { describe, expect, it } from 'vitest';
import { createEventBus } from '../../../../src-main/ipc/event-bus.ts';
import { showNotifications } from '../../../../src-main/shells/electron/show-notifications.ts';

function desk() {
  const events = createEventBus();
  const said: string[] = [];
  const opened: string[] = [];
  const clicks: (() => void)[] = [];
  let looking = false;
  const end = showNotifications(events, {
    make: ({ title, body, urgency }) => {
      const notification = {
        on: (name: string, listener: () => void) => {
          if (name === 'click') clicks.push(listener);
          return notification;
        },
        show: () => said.push(`${title}: ${body} (${urgency})`),
      };
      return notification as never;
    },
    isLooking: () => looking,
    open: (runId) => opened.push(runId),
  });
  return { events, said, opened, clicks, end, look: () => (looking = true) };
}

const FAILED = { runId: 'run-1', title: 'Run failed', text: 'mlm', kind: 'bad' } as const;

describe('desktop notifications', () => {
  it('say what the studio says, and a click opens the run', () => {
    const { events, said, opened, clicks } = desk();
    events.publish('notification', FAILED);
    events.publish('runs.removed', { runIds: ['run-1'] });
    expect(said).toEqual(['Run failed: mlm (critical)']);
    clicks[0]?.();
    expect(opened).toEqual(['run-1']);
  });

  it('are not shown to somebody who looks at the window, nor after the end', () => {
    const { events, said, look, end } = desk();
    look();
    events.publish('notification', FAILED);
    const other = desk();
    other.end();
    other.events.publish('notification', FAILED);
    end();
    expect([...said, ...other.said]).toEqual([]);
  });
});
