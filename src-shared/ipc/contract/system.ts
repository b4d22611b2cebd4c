import { z } from 'zod';
import { MachineReport } from '../machine-report.ts';
import { NoBody } from './values.ts';

export const SystemSample = z.strictObject({
  atMs: z.number(),
  /** Share of all cores, 0..1. */
  cpuShare: z.number(),
  memoryUsedBytes: z.number(),
  memoryTotalBytes: z.number(),
  /** Per GPU; empty where none can be read. */
  gpus: z.array(
    z.strictObject({ name: z.string(), share: z.number(), memoryUsedBytes: z.number(), memoryTotalBytes: z.number() }),
  ),
  /** Per engine process of this app. */
  engines: z.array(z.strictObject({ runId: z.string(), cpuShare: z.number(), memoryBytes: z.number() })),
});
export type SystemSample = z.infer<typeof SystemSample>;

export const Settings = z.strictObject({
  concurrency: z.int().min(1).max(64),
  notifications: z.boolean(),
  /** Most disk that one run's teacher examples may take, bytes. */
  teacherExamplesBytes: z.int().min(1_000_000).max(10_000_000_000),
});
export type Settings = z.infer<typeof Settings>;

export const SYSTEM_REQUESTS = {
  'system.doctor': { body: NoBody, answer: MachineReport },
  /** The last hour, oldest first. */
  'system.samples': { body: NoBody, answer: z.array(SystemSample) },
  'system.folders': {
    body: NoBody,
    answer: z.strictObject({
      home: z.string(),
      registryBytes: z.number(),
      runsBytes: z.number(),
      trashBytes: z.number(),
      freeBytes: z.number(),
      version: z.string(),
      hostName: z.string(),
    }),
  },
  'settings.get': { body: NoBody, answer: Settings },
  'settings.set': { body: Settings.partial(), answer: Settings },
} as const;

export const SYSTEM_EVENTS = {
  'system.sampled': SystemSample,
  'settings.changed': Settings,
  /** What a desktop notification says; a page in a browser shows it itself. */
  notification: z.strictObject({
    runId: z.string(),
    title: z.string(),
    text: z.string(),
    kind: z.enum(['good', 'bad']),
  }),
} as const;
