import type { Handlers } from './handler.ts';
import { listConfigFields } from './handlers/config-fields.ts';
import { pauseRun, resumeRun, stopRun } from './handlers/control-run.ts';
import {
  listEvaluations,
  listTeacherExamples,
  readClassMap,
  readLabeledPoints,
  readMetrics,
} from './handlers/measurements.ts';
import { listPresets } from './handlers/presets.ts';
import { listRuns, readRun } from './handlers/runs-read.ts';
import { startRun } from './handlers/start-run.ts';
import type { Host } from './host.ts';

/** Every request of the contract with its handler. */
export function createHandlers(host: Host): Handlers {
  return {
    'presets.list': listPresets,
    'config.fields': listConfigFields,
    'system.doctor': host.doctor,
    'runs.list': listRuns(host),
    'runs.get': readRun(host),
    'runs.start': startRun(host),
    'runs.stop': stopRun(host),
    'runs.pause': pauseRun(host),
    'runs.resume': resumeRun(host),
    'metrics.read': readMetrics(host),
    'evaluations.list': listEvaluations(host),
    'evaluations.classMap': readClassMap(host),
    'data.labeledPoints': readLabeledPoints(host),
    'teacherExamples.list': listTeacherExamples(host),
  };
}
