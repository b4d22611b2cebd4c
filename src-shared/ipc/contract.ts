import type { z } from 'zod';
import { CHECKPOINT_EVENTS, CHECKPOINT_REQUESTS } from './contract/checkpoints.ts';
import { CONFIGURATION_REQUESTS } from './contract/configuration.ts';
import { DATA_EVENTS, DATA_REQUESTS } from './contract/data.ts';
import { HOST_EVENTS, HOST_REQUESTS } from './contract/hosts.ts';
import { MEASUREMENT_EVENTS, MEASUREMENT_REQUESTS } from './contract/measurements.ts';
import { QUEUE_REQUESTS, RUN_EVENTS, RUN_REQUESTS, SWEEP_REQUESTS } from './contract/runs.ts';
import { SUPERGLUE_EVENTS, SUPERGLUE_REQUESTS } from './contract/superglue.ts';
import { SYSTEM_EVENTS, SYSTEM_REQUESTS } from './contract/system.ts';
import { TWO_MOONS_REQUESTS } from './contract/two-moons.ts';
import { TEACHER_EXAMPLE_EVENTS, TEACHER_EXAMPLE_REQUESTS } from './contract/teacher-examples.ts';

/**
 * Everything the page and the main process say to each other, whatever carries it (Electron's IPC, a WebSocket).
 * Each request has a body and an answer; events go from the main process to every page. Unknown fields are refused.
 */
export const REQUESTS = {
  ...CONFIGURATION_REQUESTS,
  ...RUN_REQUESTS,
  ...SWEEP_REQUESTS,
  ...QUEUE_REQUESTS,
  ...MEASUREMENT_REQUESTS,
  ...TEACHER_EXAMPLE_REQUESTS,
  ...TWO_MOONS_REQUESTS,
  ...CHECKPOINT_REQUESTS,
  ...SUPERGLUE_REQUESTS,
  ...DATA_REQUESTS,
  ...SYSTEM_REQUESTS,
  ...HOST_REQUESTS,
} as const satisfies Record<string, { body: z.ZodType; answer: z.ZodType }>;

export const EVENTS = {
  ...RUN_EVENTS,
  ...MEASUREMENT_EVENTS,
  ...TEACHER_EXAMPLE_EVENTS,
  ...CHECKPOINT_EVENTS,
  ...SUPERGLUE_EVENTS,
  ...DATA_EVENTS,
  ...SYSTEM_EVENTS,
  ...HOST_EVENTS,
} as const satisfies Record<string, z.ZodType>;

export type RequestName = keyof typeof REQUESTS;
export type RequestBody<Name extends RequestName> = z.output<(typeof REQUESTS)[Name]['body']>;
/** What a page may leave out is filled in by the schema. */
export type RequestInput<Name extends RequestName> = z.input<(typeof REQUESTS)[Name]['body']>;
export type AnswerBody<Name extends RequestName> = z.output<(typeof REQUESTS)[Name]['answer']>;
export type EventName = keyof typeof EVENTS;
export type EventBody<Name extends EventName> = z.output<(typeof EVENTS)[Name]>;
export type { FieldView } from './contract/configuration.ts';

export function isRequestName(name: string): name is RequestName {
  return Object.hasOwn(REQUESTS, name);
}

export function isEventName(name: string): name is EventName {
  return Object.hasOwn(EVENTS, name);
}
