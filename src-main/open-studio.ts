import { mkdirSync } from 'node:fs';
import packageFile from '../package.json' with { type: 'json' };
import type { RunConfig } from '../src-shared/config/run-config.ts';
import { unlabeledLength } from '../src-shared/config/unlabeled-length.ts';
import type { LabeledPoint } from '../src-shared/ipc/run-views.ts';
import { DataStore } from './data-jobs/data-store.ts';
import { dataProblems } from './engine/data/data-problems.ts';
import { labeledTrainingMoons, unlabeledTrainingMoons } from './engine/data/moon-points.ts';
import { neededFlopsPerStep } from './engine/bench/needed-flops.ts';
import { studentLayout, teacherLayout } from './engine/model/parameter-layout.ts';
import { announceEnds } from './ipc/announce-ends.ts';
import { createHandlers } from './ipc/create-handlers.ts';
import { createDispatcher, type Dispatcher } from './ipc/dispatcher.ts';
import { createEventBus, type EventBus } from './ipc/event-bus.ts';
import { forwardPipelineEvents } from './ipc/forward-pipeline-events.ts';
import { forwardRunEvents } from './ipc/forward-run-events.ts';
import type { Host } from './ipc/host.ts';
import { openRegistry } from './registry/open-registry.ts';
import { readSettings } from './registry/settings.ts';
import type { EngineLauncher } from './runs/engine-process.ts';
import { dataDirectory, registryFile } from './runs/run-files.ts';
import { Supervisor } from './runs/supervisor.ts';
import { SuperGluePipelines } from './superglue/pipelines.ts';
import { SystemSampler } from './system/sampler.ts';

/** The app without a shell: what both shells put a window or a server in front of. */
export interface Studio {
  readonly dispatch: Dispatcher;
  readonly events: EventBus;
  readonly supervisor: Supervisor;
  /** Stops and saves every run of this process, cancels data in the making, then closes the registry. */
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
  const supervisor = new Supervisor({ db, home, launch, concurrency: readSettings(db).concurrency });
  const pipelines = new SuperGluePipelines({ db, home, supervisor, launch });
  const events = createEventBus();
  const sampler = new SystemSampler({
    engines: () => supervisor.enginePids(),
    isWatched: () => events.listenerCount > 0,
    onSample: (sample) => events.publish('system.sampled', sample),
  });
  const data = new DataStore({
    db,
    dataDirectory: dataDirectory(home),
    launch,
    onJobs: (jobs) => events.publish('data.jobsChanged', jobs),
    onChanged: () => events.publish('data.changed', {}),
  });
  const host: Host = {
    db,
    home,
    version: packageFile.version,
    supervisor,
    pipelines,
    launch,
    events,
    sampler,
    data,
    doctor,
    labeledPoints,
    unlabeledPoints,
    parameterCounts,
    dataProblems: (config) => dataProblems(config, dataDirectory(home)),
    flopsPerExample,
    applySettings: ({ concurrency }) => {
      if (concurrency !== supervisor.concurrency) supervisor.setConcurrency(concurrency);
    },
  };
  const stopForwarding = forwardRunEvents(host);
  const stopForwardingPipelines = forwardPipelineEvents(host);
  announceEnds(host);
  supervisor.recover();
  supervisor.adoptQueue();
  pipelines.adopt();
  return {
    dispatch: createDispatcher(createHandlers(host)),
    events,
    supervisor,
    async close() {
      await Promise.all([pipelines.close(), supervisor.close(), data.close()]);
      sampler.close();
      stopForwarding();
      stopForwardingPipelines();
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

function unlabeledPoints({ data }: RunConfig, points: number): Uint8Array {
  return data.kind === 'two-moons' ? unlabeledTrainingMoons(data, points) : new Uint8Array();
}

function parameterCounts({ objective, model }: RunConfig): { student: number; teacher: number } {
  const hasTeacher = objective === 'hard' || objective === 'soft';
  return { student: studentLayout(model).size, teacher: hasTeacher ? teacherLayout(model).size : 0 };
}

/** Tokens of a labeled Two Moons example: a point between [CLS] and [SEP]. */
const LABELED_POINT_TOKENS = 4;

function flopsPerExample(config: RunConfig): number {
  const { data, training, model } = config;
  const isMoons = data.kind === 'two-moons';
  const flops = neededFlopsPerStep(config, {
    rows: training.batchSize,
    unlabeledLength: unlabeledLength(config),
    labeledLength: isMoons ? LABELED_POINT_TOKENS : model.maxPositions,
  });
  return flops / (training.batchSize * training.accumulation);
}
