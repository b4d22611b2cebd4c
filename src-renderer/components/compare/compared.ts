import type { RunSummary } from '../../../src-shared/ipc/run-views.ts';
import type { RunLook } from '../../state/run-colors.ts';

/** What stands in a column, or is one line of a chart: a run, or the seeds of one configuration. */
export interface Compared {
  /** Of its first run. */
  readonly id: string;
  readonly label: string;
  /** For narrow places; the label is said on hover. */
  readonly shortLabel: string;
  readonly look: RunLook;
  readonly runs: readonly RunSummary[];
  /** Where its one run is; undefined for several. */
  readonly href: string | undefined;
}
