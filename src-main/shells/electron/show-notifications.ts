import type { Notification, NotificationConstructorOptions } from 'electron';
import { z } from 'zod';
import { EVENTS } from '../../../src-shared/ipc/contract.ts';
import type { EventBus } from '../../ipc/event-bus.ts';

export interface NotificationDesk {
  readonly make: (options: NotificationConstructorOptions) => Pick<Notification, 'on' | 'show'>;
  /** While the person looks at the window, it says the same itself. */
  readonly isLooking: () => boolean;
  /** Brings the window forward, at this run. */
  readonly open: (runId: string) => void;
}

/** A desktop notification for each `notification` event; a click shows the run. Returns what ends it. */
export function showNotifications(events: Pick<EventBus, 'subscribe'>, desk: NotificationDesk): () => void {
  // A notification that nobody holds is collected, and its click is lost.
  const shown = new Set<unknown>();
  return events.subscribe(({ name, body }) => {
    if (name !== 'notification' || desk.isLooking()) return;
    const { runId, title, text, kind } = z.decode(EVENTS.notification, body as z.input<typeof EVENTS.notification>);
    const notification = desk.make({ title, body: text, urgency: kind === 'bad' ? 'critical' : 'normal' });
    shown.add(notification);
    const forget = (): void => {
      shown.delete(notification);
    };
    notification.on('close', forget);
    notification.on('click', () => {
      forget();
      desk.open(runId);
    });
    notification.show();
  });
}
