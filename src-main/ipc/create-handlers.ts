import { checkpointHandlers } from './areas/checkpoints.ts';
import { configurationHandlers } from './areas/configuration.ts';
import { dataHandlers } from './areas/data.ts';
import { measurementHandlers } from './areas/measurements.ts';
import { queueHandlers } from './areas/queue.ts';
import { runHandlers } from './areas/runs.ts';
import { superGlueHandlers } from './areas/superglue.ts';
import { sweepHandlers } from './areas/sweeps.ts';
import { systemHandlers } from './areas/system.ts';
import { teacherExampleHandlers } from './areas/teacher-examples.ts';
import { twoMoonsHandlers } from './areas/two-moons.ts';
import type { Handlers } from './handler.ts';
import type { Host } from './host.ts';

/** Every request that a studio answers with its handler; each area of the contract has a file in `areas`. */
export function createHandlers(host: Host): Handlers {
  return {
    ...configurationHandlers(host),
    ...runHandlers(host),
    ...sweepHandlers(host),
    ...queueHandlers(host),
    ...measurementHandlers(host),
    ...teacherExampleHandlers(host),
    ...twoMoonsHandlers(host),
    ...checkpointHandlers(host),
    ...superGlueHandlers(host),
    ...dataHandlers(host),
    ...systemHandlers(host),
  };
}
