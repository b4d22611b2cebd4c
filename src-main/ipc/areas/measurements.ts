import type { MEASUREMENT_REQUESTS } from '../../../src-shared/ipc/contract/measurements.ts';
import type { HandlersOf } from '../handler.ts';
import { listEvaluations, readClassMap, readLabeledPoints, readMetrics } from '../handlers/measurements.ts';
import { exportMetrics, readAxes } from '../handlers/metric-files.ts';
import { readLog } from '../handlers/run-log.ts';
import type { Host } from '../host.ts';

export function measurementHandlers(host: Host): HandlersOf<typeof MEASUREMENT_REQUESTS> {
  return {
    'metrics.read': readMetrics(host),
    'metrics.axes': readAxes(host),
    'metrics.export': exportMetrics(host),
    'runs.log': readLog(host),
    'evaluations.list': listEvaluations(host),
    'evaluations.classMap': readClassMap(host),
    'data.labeledPoints': readLabeledPoints(host),
  };
}
