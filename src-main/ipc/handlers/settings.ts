import { readSettings, writeSettings } from '../../registry/settings.ts';
import type { Handler } from '../handler.ts';
import type { Host } from '../host.ts';

export function getSettings({ db }: Host): Handler<'settings.get'> {
  return () => readSettings(db);
}

export function changeSettings({ db, events, applySettings }: Host): Handler<'settings.set'> {
  return (changes) => {
    const settings = writeSettings(db, changes);
    applySettings(settings);
    events.publish('settings.changed', settings);
    return settings;
  };
}
