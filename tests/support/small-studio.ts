import type { RunSummary } from '../../src-shared/ipc/run-views.ts';
import { createDispatcher } from '../../src-main/ipc/dispatcher.ts';
import { createEventBus, type EventBus } from '../../src-main/ipc/event-bus.ts';
import type { Handlers } from '../../src-main/ipc/handler.ts';
import type { Dispatcher } from '../../src-main/ipc/dispatcher.ts';

export interface SmallStudio {
  readonly dispatch: Dispatcher;
  readonly events: EventBus;
  /** Names of the requests that reached a handler, in order. */
  readonly handled: string[];
}

/** Enough of a studio to test what carries its messages: it knows its settings, and counts what reaches it. */
export function createSmallStudio(concurrency = 1): SmallStudio {
  const handled: string[] = [];
  let settings = { concurrency, notifications: true, teacherExamplesBytes: 1_000_000 };
  const handlers: Partial<Handlers> = {
    'settings.get': () => {
      handled.push('settings.get');
      return settings;
    },
    'settings.set': (changes) => {
      handled.push('settings.set');
      settings = { ...settings, ...(changes as Partial<typeof settings>) };
      return settings;
    },
    'runs.summaries': async () => {
      handled.push('runs.summaries');
      // Never answered: for what happens to requests at work when a connection breaks.
      return new Promise<RunSummary[]>(() => undefined);
    },
  };
  return { dispatch: createDispatcher(handlers as Handlers), events: createEventBus(), handled };
}
