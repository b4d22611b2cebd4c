import { mkdirSync } from 'node:fs';
import type { RunConfig } from '../src-shared/config/run-config.ts';
import type { LabeledPoint } from '../src-shared/ipc/run-views.ts';
import { labeledTrainingMoons } from './engine/data/labeled-moons.ts';
import { createHandlers } from './ipc/create-handlers.ts';
import { createDispatcher, type Dispatcher } from './ipc/dispatcher.ts';
import { createEventBus, type EventBus } from './ipc/event-bus.ts';
import { forwardRunEvents } from './ipc/forward-run-events.ts';
import type { Host } from './ipc/host.ts';
import { openRegistry } from './registry/open-registry.ts';
import type { EngineLauncher } from './runs/engine-process.ts';
import { registryFile } from './runs/run-files.ts';
import { Supervisor } from './runs/supervisor.ts';

/** The app without a shell: what both shells put a window or a server in front of. */
export interface Studio {
  readonly dispatch: Dispatcher;
  readonly events: EventBus;
  readonly supervisor: Supervisor;
  /** Stops and saves every run of this process, then closes the registry. */
  close(): Promise<void>;
}

export interface StudioOptions {
  readonly home: string;
  readonly launch: EngineLauncher;
  readonly doctor: Host['doctor'];
}

/** Opens a home and takes up its runs. @throws AppError registry/newer, file/invalid, file/io */
export function openStudio({ home, launch, doctor }: StudioOptions): Studio {
  mkdirSync(home, { recursive: true });
  const db = openRegistry(registryFile(home));
  const supervisor = new Supervisor({ db, home, launch });
  supervisor.recover();
  const host: Host = { db, supervisor, doctor, labeledPoints };
  const events = createEventBus();
  forwardRunEvents(host, events);
  return {
    dispatch: createDispatcher(createHandlers(host)),
    events,
    supervisor,
    async close() {
      await supervisor.close();
      db.close();
    },
  };
}

function labeledPoints({ data }: RunConfig): LabeledPoint[] {
  if (data.kind !== 'two-moons') return [];
  const { coordinates, labels } = labeledTrainingMoons(data);
  return Array.from(labels, (label, index) => ({
    x: coordinates[2 * index] ?? 0,
    y: coordinates[2 * index + 1] ?? 0,
    label,
  }));
}
