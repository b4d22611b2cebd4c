import { z } from 'zod';
import { REPORT_FINETUNE_RATES } from '../../config/presets/text.ts';
import { DIAGNOSTIC_NAMES, SUPERGLUE_TASK_NAMES } from '../../config/superglue-tasks.ts';
import { RunStatus } from '../../run/run-status.ts';
import { ProgressView, RunId } from '../run-views.ts';
import { WireNumber } from '../wire-number.ts';
import { FieldPath, FieldValue, NoBody, WeightsFrom } from './values.ts';

const TaskName = z.enum(SUPERGLUE_TASK_NAMES);
const PipelineId = z.string().min(1).max(128);
const OfPipeline = z.strictObject({ pipelineId: PipelineId });
const PipelineIds = z.array(PipelineId).min(1).max(200);
/** Name of an imported SuperGLUE set or tokenizer. */
const DataName = z.string().min(1).max(64);

/** Metric key ("BoolQ", "CB_F1", as in `SUPERGLUE_TASKS`) -> score x100. */
const MetricScores = z.record(z.string(), WireNumber);

/** A fine-tuning of every task at every learning rate with every seed, in this order, as one queued group. */
const NewPipeline = z.strictObject({
  /** The student to fine-tune; null: a freshly initialised one. */
  from: WeightsFrom.nullable(),
  tasks: z.array(TaskName).min(1).max(8),
  learningRates: z
    .array(z.number().gt(0).max(10))
    .min(1)
    .max(20)
    .default([...REPORT_FINETUNE_RATES]),
  seeds: z.array(z.int().min(0)).min(1).max(20).default([0]),
  /** The imported set to train on; that of the source run's configuration when left out. */
  superglue: DataName.optional(),
  /** Changed fields of every run, e.g. {"training.epochs": 5}. */
  overrides: z.record(FieldPath, FieldValue).default({}),
  /** A few small steps per run instead of the report's settings: to see that it works. */
  isSmoke: z.boolean().default(false),
  name: z.string().trim().min(1).max(200).optional(),
});
export type NewPipeline = z.infer<typeof NewPipeline>;

/**
 * "queued" all runs wait; "running" runs are at work or wait; "predicting" all runs have ended and the best ones predict;
 * "incomplete" was stopped or interrupted, or something could not be predicted (resume goes on with it); "finished" all
 * there is to have; runs that diverged at too high a learning rate don't count against it.
 */
export const PIPELINE_STATUSES = ['queued', 'running', 'predicting', 'incomplete', 'finished'] as const;
export type PipelineStatus = (typeof PIPELINE_STATUSES)[number];

const PipelineSummary = z.strictObject({
  pipelineId: PipelineId,
  name: z.string(),
  createdAtMs: z.number(),
  /** What was fine-tuned; null: a fresh model. */
  source: z
    .strictObject({
      /** Null once that run is deleted, or where the weights came from a file. */
      runId: RunId.nullable(),
      /** The run's name, or the file. */
      name: z.string(),
      /** Kind of the checkpoint ("latest"), as far as known. */
      checkpoint: z.string().nullable(),
    })
    .nullable(),
  superglue: z.string(),
  tasks: z.array(TaskName),
  learningRates: z.array(z.number()),
  seeds: z.array(z.int()),
  status: z.enum(PIPELINE_STATUSES),
  /**
   * Runs by what became of them; they add up to `total`. "diverged" have failed for good: their losses stay NaN;
   * "endedEarly" goes on with `superglue.resume`; "deleted" are also those in the trash.
   */
  runs: z.strictObject({
    total: z.int().min(0),
    finished: z.int().min(0),
    diverged: z.int().min(0),
    working: z.int().min(0),
    waiting: z.int().min(0),
    endedEarly: z.int().min(0),
    deleted: z.int().min(0),
  }),
  /** Share of all training examples that have been trained on, 0..1. */
  share: z.number().min(0).max(1),
  /** Of training; null where nothing works or no speed is known yet. */
  secondsLeft: z.number().min(0).nullable(),
  /** Validation scores of each task's best run by metric key: of the whole split once it is predicted. */
  scores: MetricScores,
  /** Mean over the tasks that have a score, of a task's two metrics first; null while none has. */
  average: WireNumber.nullable(),
  trashedAtMs: z.number().nullable(),
});
export type PipelineSummary = z.infer<typeof PipelineSummary>;

const PipelineCell = z.strictObject({
  task: TaskName,
  learningRate: z.number(),
  seed: z.int(),
  /** Null once it is deleted or in the trash. */
  runId: RunId.nullable(),
  status: z.union([RunStatus, z.literal('deleted')]),
  progress: ProgressView.nullable(),
  secondsLeft: z.number().min(0).nullable(),
  /** Validation scores of its best checkpoint so far by metric key, measured on at most `training.validationSize` examples. */
  scores: MetricScores,
  /** Mean of the task's metrics, by which runs are compared; null while there is none. */
  score: WireNumber.nullable(),
  loss: WireNumber.nullable(),
  /** That checkpoint; null while there is none. */
  checkpoint: z.strictObject({ kind: z.string(), step: z.int().min(0) }).nullable(),
  /** Best of its task so far. */
  isBest: z.boolean(),
  /** Why it ended early; null otherwise. */
  error: z.string().nullable(),
});
export type PipelineCell = z.infer<typeof PipelineCell>;

const PredictionView = z.strictObject({
  /** "waiting" for runs or for its turn; "unavailable": the data have no such split. */
  state: z.enum(['waiting', 'working', 'done', 'failed', 'unavailable']),
  /** Of the file, once done. */
  lines: z.int().min(0).nullable(),
  /** Why it failed or is unavailable. */
  message: z.string().nullable(),
});
export type PredictionView = z.infer<typeof PredictionView>;

const PipelineTask = z.strictObject({
  task: TaskName,
  best: z
    .strictObject({ runId: RunId, learningRate: z.number(), seed: z.int(), checkpoint: z.string(), step: z.int() })
    .nullable(),
  /** Of the whole validation split once `validation` is done, until then the best cell's. */
  scores: MetricScores,
  score: WireNumber.nullable(),
  /** With details for `superglue.examples` and `superglue.confusion`. */
  validation: PredictionView,
  /** For the leaderboard. */
  test: PredictionView,
});
export type PipelineTask = z.infer<typeof PipelineTask>;

const PipelineDetail = z.strictObject({
  summary: PipelineSummary,
  /** Task by task, learning rates within a task, seeds within a learning rate. */
  cells: z.array(PipelineCell),
  tasks: z.array(PipelineTask),
  /** Empty unless RTE is among the tasks, whose best run predicts them. */
  diagnostics: z.array(z.strictObject({ name: z.enum(DIAGNOSTIC_NAMES), prediction: PredictionView })),
});
export type PipelineDetail = z.infer<typeof PipelineDetail>;

/** What is predicted example by example: a task's validation split, or diagnostics by the best run of RTE. */
export const EXAMPLE_SPLITS = ['validation', ...DIAGNOSTIC_NAMES] as const;
export type ExampleSplit = (typeof EXAMPLE_SPLITS)[number];
/** ReCoRD: whether an answer is one of the right texts, shares words with one, or neither. */
export const OVERLAPS = ['exact', 'partial', 'none'] as const;
export type Overlap = (typeof OVERLAPS)[number];
const OfExamples = { runId: RunId, split: z.enum(EXAMPLE_SPLITS).default('validation') };

const ExampleRow = z.strictObject({
  idx: z.int().min(0),
  /** MultiRC: the question's number, which its answers share; null elsewhere. */
  group: z.int().min(0).nullable(),
  /** The two texts as the model was given them, before tokens. */
  a: z.string(),
  b: z.string(),
  /** Labels, or texts that answer a ReCoRD query. */
  targets: z.array(z.string()),
  prediction: z.string(),
  isRight: z.boolean().nullable(),
  /** ReCoRD: best word F1 over the answers, 0..1; null elsewhere. */
  f1: z.number().min(0).max(1).nullable(),
  /** Per label the model's mean score over positions and windows; empty for ReCoRD. */
  scores: z.array(z.strictObject({ label: z.string(), value: WireNumber })),
});
export type ExampleRow = z.infer<typeof ExampleRow>;

export const SUPERGLUE_REQUESTS = {
  /** What pipelines can be made of here. */
  'superglue.choices': {
    body: NoBody,
    answer: z.strictObject({
      /** By name; the set that the app ships is always among them, and put in place when it is first used. */
      sets: z.array(
        z.strictObject({
          name: DataName,
          /** Tasks to train on and to validate with, in the benchmark's order; examples are null before it is in place. */
          tasks: z.array(
            z.strictObject({ task: TaskName, train: z.int().min(1).nullable(), validation: z.int().min(1).nullable() }),
          ),
        }),
      ),
      tokenizers: z.array(z.strictObject({ name: DataName, entries: z.int().min(1) })),
    }),
  },
  /** What a pipeline would start, and what is wrong with it; starts nothing. */
  'superglue.check': {
    body: NewPipeline,
    answer: z.strictObject({
      runs: z.array(z.strictObject({ name: z.string(), task: TaskName, learningRate: z.number(), seed: z.int() })),
      /** `path` is a field of the body ("tasks") or of the configuration ("training.epochs"); "" for neither. */
      problems: z.array(z.strictObject({ path: z.string(), message: z.string() })),
      /** Of all its runs, as many at a time as the settings allow; null where nothing is known of this machine's speed. */
      seconds: z.number().min(0).nullable(),
      /** Where that comes from, in a sentence; "" while there are problems. */
      basis: z.string(),
    }),
  },
  'superglue.start': { body: NewPipeline, answer: PipelineDetail },
  /** Newest first. */
  'superglue.list': {
    body: z.strictObject({
      scope: z.enum(['live', 'trash']).default('live'),
      /** Only those that fine-tune one of these runs. */
      sourceRunIds: z.array(RunId).max(500).optional(),
    }),
    answer: z.array(PipelineSummary),
  },
  'superglue.get': { body: OfPipeline, answer: PipelineDetail },
  /** Queues again what ended early, and predicts what is missing. */
  'superglue.resume': { body: OfPipeline, answer: PipelineDetail },
  /** Waiting runs leave the queue; those at work finish their step and save. */
  'superglue.stop': { body: OfPipeline, answer: PipelineDetail },
  'superglue.rename': {
    body: z.strictObject({ pipelineId: PipelineId, name: z.string().trim().min(1).max(200) }),
    answer: PipelineSummary,
  },
  /** To the trash with all its runs; refused while one is at work. It is forgotten when the last of them is purged. */
  'superglue.trash': { body: z.strictObject({ pipelineIds: PipelineIds }), answer: z.array(PipelineSummary) },
  'superglue.restore': { body: z.strictObject({ pipelineIds: PipelineIds }), answer: z.array(PipelineSummary) },
  /** Examples of a predicted run (the best of its task), in the order of the split. */
  'superglue.examples': {
    body: z.strictObject({
      ...OfExamples,
      show: z.enum(['all', 'right', 'wrong']).default('all'),
      /** Only with this target or prediction: a cell of the confusion table. */
      target: z.string().max(200).optional(),
      prediction: z.string().max(2000).optional(),
      /** ReCoRD: only answers that overlap so with the right ones. */
      overlap: z.enum(OVERLAPS).optional(),
      /** Every word must occur in a text, a target or the prediction; "" for all. */
      text: z.string().max(500).default(''),
      /** Only these: the same examples of another run. */
      idx: z.array(z.int().min(0)).max(500).optional(),
      offset: z.int().min(0).default(0),
      limit: z.int().min(1).max(500).default(50),
    }),
    /** `total` of the split, `matching` of what was asked for. */
    answer: z.strictObject({
      task: TaskName,
      total: z.int().min(0),
      matching: z.int().min(0),
      rows: z.array(ExampleRow),
    }),
  },
  /** Null for ReCoRD, whose answers are no labels. */
  'superglue.confusion': {
    body: z.strictObject(OfExamples),
    answer: z
      .strictObject({
        task: TaskName,
        labels: z.array(z.string()),
        /** `counts[target][prediction]`, in the order of `labels`. */
        counts: z.array(z.array(z.int().min(0))),
      })
      .nullable(),
  },
  /** What stands for it where answers are texts: how many overlap how with the right ones. Null but for ReCoRD. */
  'superglue.overlaps': {
    body: z.strictObject({ runId: RunId }),
    answer: z.record(z.enum(OVERLAPS), z.int().min(0)).nullable(),
  },
  /** Writes the leaderboard's zip of what is predicted into "exports" of the home folder. */
  'superglue.zip': {
    body: z.strictObject({
      pipelineId: PipelineId,
      /** With the file's content, for a browser on another machine to save. */
      withContent: z.boolean().default(false),
    }),
    answer: z.strictObject({
      file: z.string(),
      fileName: z.string(),
      bytes: z.int().min(0),
      entries: z.array(z.strictObject({ name: z.string(), lines: z.int().min(0) })),
      /** Files that the leaderboard wants and that are not predicted. */
      missing: z.array(z.string()),
      base64: z.string().nullable(),
    }),
  },
} as const;

export const SUPERGLUE_EVENTS = {
  /** At most twice a second per pipeline; cells and predictions may have changed with it. */
  'superglue.changed': PipelineSummary,
  /** Pipelines that left every list. */
  'superglue.removed': z.strictObject({ pipelineIds: z.array(PipelineId) }),
} as const;
