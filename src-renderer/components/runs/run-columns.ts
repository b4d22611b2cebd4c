import { metricFacts } from '../../../src-shared/run/metric-catalogue.ts';
import { leadingScore } from '../../../src-shared/run/leading-score.ts';
import { STATUS_TABLE } from '../../../src-shared/run/run-status.ts';
import { formatScore, formatValue } from '../../format/number.ts';
import { shareDone } from '../../format/run.ts';
import { formatDuration, formatMoment } from '../../format/time.ts';
import { labelOf } from '../../state/new-run/sections.ts';
import type { CellValue, RunEntry } from '../../state/runs-table.svelte.ts';
import type { TableColumn } from '../table/table-column.ts';

/** A column of the table of runs. */
export interface RunColumn extends TableColumn<RunEntry> {
  /** Holds values that groups can average. */
  readonly isMeasure?: boolean;
  /** Larger values first when its header is clicked the first time: what is best or newest comes on top. */
  readonly descendsFirst?: boolean;
}

const BUILT_IN: readonly RunColumn[] = [
  column('status', 'Status', 96, 90, ({ summary }) => STATUS_TABLE[summary.status].label),
  { ...column('name', 'Name', 208, Infinity, ({ summary }) => summary.name), grows: true },
  column('objective', 'Objective', 76, 70, ({ summary }) => summary.objective),
  column('dataKind', 'Data', 92, 44, ({ summary }) => summary.dataKind),
  {
    ...column('progress', 'Progress', 144, 80, ({ summary }) => shareDone(summary).toFixed(4)),
    help: 'Share of the training that is done, and the time left at the present speed.',
    descendsFirst: true,
  },
  {
    ...number('samplesPerSecond', 'Speed', 80, 50, ({ summary }) => summary.progress?.samplesPerSecond ?? null),
    unit: 'ex/s',
    help: 'Examples trained on per second, last measured.',
    descendsFirst: true,
  },
  {
    ...number('bestScore', 'Best score', 84, 85, ({ summary }) => leadingScore(summary.bestScores)?.value ?? null),
    help: 'Best validation score so far, of SuperGLUE, Overall, accuracy, MLM or loss: the first that the run has.',
    descendsFirst: true,
  },
  {
    ...number('lastLoss', 'Last loss', 80, 75, ({ summary }) => summary.lastLoss),
    help: 'Loss of the last step, nats per target token; lower is better.',
  },
  { ...column('sparkline', 'Loss', 88, 60, () => ''), help: 'Loss over the run; where it was not finite, a red line.' },
  { ...column('tags', 'Tags', 88, 45, ({ summary }) => summary.tags.join(', ')) },
  {
    ...column('createdAtMs', 'Age', 60, 65, ({ summary }) => formatMoment(summary.createdAtMs)),
    isNumber: true,
    descendsFirst: true,
  },
  {
    ...number('durationMs', 'Took', 92, 35, ({ cells }) => numberIn(cells['durationMs'])),
    help: 'From its start to its end, or until now.',
    descendsFirst: true,
  },
  {
    ...number('diskBytes', 'Disk', 76, 35, ({ cells }) => numberIn(cells['diskBytes'])),
    help: 'Checkpoints and measurements of the run.',
    descendsFirst: true,
  },
  number('seed', 'Seed', 56, 40, ({ summary }) => summary.seed),
  column('preset', 'Preset', 140, 30, ({ summary }) => summary.preset ?? ''),
  column('executor', 'Executor', 140, 30, ({ summary }) => summary.executor ?? ''),
  column('notes', 'Note', 160, 30, ({ summary }) => summary.notes),
  column('sweepId', 'Sweep', 100, 30, ({ summary }) => summary.sweepId ?? ''),
];

/** Shown until somebody chooses others. */
export const STANDARD_COLUMNS: readonly string[] = BUILT_IN.slice(0, 11).map(({ id }) => id);
/** What has a column of its own, in the order in which they are offered. */
export const BUILT_IN_COLUMNS: readonly string[] = BUILT_IN.map(({ id }) => id);

/** Columns whose values come as cells of the query rather than in the summary. */
const AS_CELLS = new Set(['durationMs', 'diskBytes']);

export function isAskedFor(id: string): boolean {
  return AS_CELLS.has(id) || id.includes(':');
}

/** The column of this name; what has no column of its own is a configuration field or a score. */
export function runColumn(id: string): RunColumn {
  return BUILT_IN.find((one) => one.id === id) ?? furtherColumn(id);
}

/** What a column is called where there is room: "Learning rate (optimizer.learningRate)". */
export function columnTitle(id: string): string {
  const { title } = runColumn(id);
  const name = id.slice(id.indexOf(':') + 1);
  return id.includes(':') && name !== title ? `${title} (${name})` : title;
}

function furtherColumn(id: string): RunColumn {
  const [kind, name] = [id.slice(0, id.indexOf(':')), id.slice(id.indexOf(':') + 1)];
  const read = ({ cells }: RunEntry): CellValue => cells[id] ?? null;
  if (kind === 'config') {
    const text = (entry: RunEntry): string => String(read(entry) ?? '');
    return { ...column(id, labelOf(name), 108, 55, text), help: name, isNumber: true, isMeasure: true };
  }
  const facts = metricFacts(name);
  const title = kind === 'best' ? `Best ${facts.label}` : facts.label;
  return {
    ...number(id, title, 104, 56, (entry) => numberIn(read(entry))),
    ...(facts.format === 'score' ? { unit: '%' } : {}),
    help: `${name}${facts.direction === 'none' ? '' : `; ${facts.direction} is better`}`,
    descendsFirst: facts.direction === 'higher',
  };
}

function column(
  id: string,
  title: string,
  width: number,
  priority: number,
  text: (entry: RunEntry) => string,
): RunColumn {
  return { id, title, width, priority, text, ...(id === 'sparkline' ? {} : { sortsBy: id }) };
}

function number(
  id: string,
  title: string,
  width: number,
  priority: number,
  read: (entry: RunEntry) => number | null,
): RunColumn {
  // Copied numbers keep all their digits.
  const text = (entry: RunEntry): string => String(read(entry) ?? '');
  return { ...column(id, title, width, priority, text), isNumber: true, isMeasure: true };
}

export function numberIn(value: CellValue | undefined): number | null {
  return typeof value === 'number' ? value : null;
}

/** A number of a further column as it is shown. */
export function cellText(id: string, value: CellValue | undefined): string {
  if (value === null || value === undefined) return '–';
  if (id === 'durationMs' && typeof value === 'number') return formatDuration(value / 1000);
  // A setting is exact: it is shown as it was set.
  if (id.startsWith('config:') || typeof value !== 'number') return String(value);
  return metricFacts(id.slice(id.indexOf(':') + 1)).format === 'score' ? formatScore(value) : formatValue(value);
}

/** How means of a column are written. */
export function measureFormat(id: string): 'score' | 'value' {
  if (id === 'bestScore') return 'score';
  return id.includes(':') && metricFacts(id.slice(id.indexOf(':') + 1)).format === 'score' ? 'score' : 'value';
}
