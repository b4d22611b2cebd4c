import { z } from 'zod';

/** One executor as this machine has it. */
const ExecutorReport = z.object({
  name: z.string(),
  usable: z.boolean(),
  device: z.string(),
  reason: z.string(),
  versions: z.record(z.string(), z.string()),
  /** What would make it usable, or better; empty when there is nothing to do. */
  whatToDo: z.string(),
});

/** What the doctor found, in the words of its own process. */
export const MachineReport = z.object({
  machine: z.object({
    processor: z.string(),
    threads: z.number(),
    memoryBytes: z.number(),
    gpus: z.array(z.string()).readonly(),
    platform: z.string(),
    node: z.string(),
  }),
  /** Best first. */
  executors: z.array(ExecutorReport),
  /** What "auto" takes, and why. */
  chosen: z.object({ name: z.string(), device: z.string(), reason: z.string() }),
});
export type MachineReport = z.infer<typeof MachineReport>;
