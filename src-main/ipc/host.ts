import type { RunConfig } from '../../src-shared/config/run-config.ts';
import type { MachineReport } from '../../src-shared/ipc/machine-report.ts';
import type { LabeledPoint } from '../../src-shared/ipc/run-views.ts';
import type { Registry } from '../registry/open-registry.ts';
import type { Supervisor } from '../runs/supervisor.ts';

/** What the handlers work on; made by the composition root of each shell. */
export interface Host {
  readonly db: Registry;
  readonly supervisor: Supervisor;
  /** What the doctor says of this machine; found out once, in a process of its own. */
  readonly doctor: () => Promise<MachineReport>;
  /** Labeled training points of a configuration, where its data can be drawn in the plane. */
  readonly labeledPoints: (config: RunConfig) => LabeledPoint[];
}
