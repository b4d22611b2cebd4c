import { z } from 'zod';
import { RunConfig } from '../../config/run-config.ts';
import { PresetView } from '../run-views.ts';
import { ConfigBase, FieldPath, FieldValue, NoBody } from './values.ts';

/** One field of the run configuration as a form shows it. */
const FieldView = z.strictObject({
  path: z.string(),
  type: z.enum(['integer', 'number', 'boolean', 'choice', 'text']),
  unit: z.string(),
  help: z.string(),
  /** Readable, e.g. "1 to 48". */
  range: z.string(),
  standard: FieldValue,
  /** Empty where the field is not a choice. */
  choices: z.array(z.string()),
  /** Set for fields that exist only for one kind of data. */
  dataKind: z.string().nullable(),
});
export type FieldView = z.infer<typeof FieldView>;

const FieldProblem = z.strictObject({
  /** "" where the problem is of no single field. */
  path: z.string(),
  message: z.string(),
});

/** What a configuration will need, said before it is started. */
const Estimate = z.strictObject({
  studentParameters: z.int().min(0),
  teacherParameters: z.int().min(0),
  /** Resident memory of the engine at its peak, bytes. */
  memoryBytes: z.number().min(0),
  /** Whole training; null where nothing is known of this machine's speed at it. */
  seconds: z.number().min(0).nullable(),
  checkpointBytes: z.number().min(0),
  /** Where the figures come from, in a sentence ("from 3 earlier runs of this size on this machine"). */
  basis: z.string(),
});
export type Estimate = z.infer<typeof Estimate>;

export const CONFIGURATION_REQUESTS = {
  'presets.list': { body: NoBody, answer: z.array(PresetView) },
  'config.fields': { body: NoBody, answer: z.array(FieldView) },
  /** Checks what a form holds; never fails because of the values. */
  'config.check': {
    body: ConfigBase,
    answer: z.strictObject({
      /** Null while there are problems. */
      config: RunConfig.nullable(),
      problems: z.array(FieldProblem),
      /** Fields that differ from the base, with the base's value. */
      differences: z.array(
        z.strictObject({ path: FieldPath, base: FieldValue.nullable(), value: FieldValue.nullable() }),
      ),
      estimate: Estimate.nullable(),
    }),
  },
} as const;
