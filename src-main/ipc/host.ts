import type { ConfigProblem } from '../../src-shared/config/config-problem.ts';
import type { RunConfig } from '../../src-shared/config/run-config.ts';
import type { Settings } from '../../src-shared/ipc/contract/system.ts';
import type { MachineReport } from '../../src-shared/ipc/machine-report.ts';
import type { LabeledPoint } from '../../src-shared/ipc/run-views.ts';
import type { DataStore } from '../data-jobs/data-store.ts';
import type { Registry } from '../registry/open-registry.ts';
import type { EngineLauncher } from '../runs/engine-process.ts';
import type { Supervisor } from '../runs/supervisor.ts';
import type { SuperGluePipelines } from '../superglue/pipelines.ts';
import type { SystemSampler } from '../system/sampler.ts';
import type { EventBus } from './event-bus.ts';

/** What the handlers work on; made by the composition root of each shell. */
export interface Host {
  readonly db: Registry;
  /** The user's folder. */
  readonly home: string;
  /** Of the program. */
  readonly version: string;
  readonly supervisor: Supervisor;
  readonly pipelines: SuperGluePipelines;
  /** Starts engine processes beside the runs, for what is not training. */
  readonly launch: EngineLauncher;
  readonly events: EventBus;
  readonly sampler: SystemSampler;
  /** Tokenizers, corpora and SuperGLUE sets. */
  readonly data: DataStore;
  /** What the doctor says of this machine; found out once, in a process of its own. */
  readonly doctor: () => Promise<MachineReport>;
  /** Labeled training points of a configuration, where its data can be drawn in the plane. */
  readonly labeledPoints: (config: RunConfig) => LabeledPoint[];
  /** The first points of its unlabeled training texts, x and y in turn, where its data can be drawn in the plane. */
  readonly unlabeledPoints: (config: RunConfig, points: number) => Uint8Array;
  /** How many numbers each model of a configuration has; 0 for a teacher that its objective has not. */
  readonly parameterCounts: (config: RunConfig) => { readonly student: number; readonly teacher: number };
  /** What of a configuration is not among the imported data. */
  readonly dataProblems: (config: RunConfig) => ConfigProblem[];
  /** Operations in matrix products that training on one example needs. */
  readonly flopsPerExample: (config: RunConfig) => number;
  /** Takes changed settings into use. */
  readonly applySettings: (settings: Settings) => void;
}
