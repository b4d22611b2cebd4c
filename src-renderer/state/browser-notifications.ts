import type { Client } from '../ipc/client.ts';

/** What a browser allows this page: "unavailable" where it knows no notifications (a plain address that is not this machine's). */
export type NotificationRight = NotificationPermission | 'unavailable';

export function notificationRight(): NotificationRight {
  return 'Notification' in globalThis ? Notification.permission : 'unavailable';
}

/** Asks the person, who must have just pressed something; browsers ask at no other time. */
export async function askForNotifications(): Promise<NotificationRight> {
  return 'Notification' in globalThis ? Notification.requestPermission() : 'unavailable';
}

/**
 * Tells of ends and failures of runs while nobody looks at the page. In a browser alone: the desktop app shows its own.
 * @param open shows a run when its notification is clicked
 */
export function showBrowserNotifications(client: Pick<Client, 'on'>, open: (runId: string) => void): void {
  client.on('notification', ({ runId, title, text }) => {
    if (document.hasFocus() || notificationRight() !== 'granted') return;
    // One per run: what is newer about it takes the older one's place.
    const shown = new Notification(title, { body: text, tag: runId });
    shown.addEventListener('click', () => {
      window.focus();
      open(runId);
      shown.close();
    });
  });
}
