import type { RunSummary } from '../../src-shared/ipc/run-views.ts';
import { isBetterScore, metricFacts } from '../../src-shared/run/metric-catalogue.ts';
import { measure, type Measured, type MeasuredFormat } from '../format/measured.ts';
import type { Table } from '../tables/table.ts';

/** Runs whose figures stand in one column: a single run, or the seeds of one configuration. */
export interface ScoreColumn {
  readonly label: string;
  readonly runs: readonly RunSummary[];
}

export interface ScoreRow {
  /** Where the figure comes from: "best:accuracy", "score:test.latest.accuracy", "lastLoss", ... */
  readonly id: string;
  readonly label: string;
  readonly unit: string;
  readonly format: MeasuredFormat;
  readonly direction: 'lower' | 'higher' | 'none';
  /** Per column. */
  readonly cells: readonly (Measured | undefined)[];
  /** Columns with the best value; none where better has no meaning or nothing is compared. */
  readonly best: ReadonlySet<number>;
}

interface Source {
  readonly id: string;
  readonly label: string;
  /** The metric whose catalogue entry has unit and direction. */
  readonly metric: string;
  readonly of: (run: RunSummary) => number | null | undefined;
  /** Where the catalogue doesn't know the metric. */
  readonly format?: MeasuredFormat;
}

/**
 * Whether the runs that have this figure may be ranked by it. Losses of different objectives are about different targets,
 * and a pretraining's accuracy (masked tokens) is not a fine-tuning's (labels): which is better says nothing.
 */
function isComparable({ metric, of }: Source, runs: readonly RunSummary[]): boolean {
  const objectives = new Set(runs.filter((run) => typeof of(run) === 'number').map(({ objective }) => objective));
  const { format } = metricFacts(metric);
  if (format === 'loss') return objectives.size <= 1;
  return format !== 'score' || objectives.size <= 1 || !objectives.has('finetune');
}

/** All figures that any of the runs has: validation first, then tests, then training. */
export function scoreRows(columns: readonly ScoreColumn[]): ScoreRow[] {
  const runs = columns.flatMap((column) => column.runs);
  return sourcesOf(runs).flatMap((source) => {
    const cells = columns.map((column) => measure(column.runs.map((run) => source.of(run))));
    if (cells.every((cell) => cell === undefined)) return [];
    const facts = metricFacts(source.metric);
    const direction = isComparable(source, runs) ? facts.direction : 'none';
    const row = {
      id: source.id,
      label: source.label,
      unit: facts.unit,
      format: source.format ?? formatOf(facts.format),
      direction,
      cells,
    };
    return [{ ...row, best: direction === 'none' ? new Set<number>() : bestColumns(source.metric, cells) }];
  });
}

function sourcesOf(runs: readonly RunSummary[]): Source[] {
  const best = [...new Set(runs.flatMap(({ bestScores }) => Object.keys(bestScores)))].sort(byDirection);
  const results = [...new Set(runs.flatMap(({ scores }) => Object.keys(scores)))]
    // The best validation scores are rows already, and known while a run is still going on.
    .filter((name) => !name.startsWith('validation.best.'))
    .sort(byPlace);
  return [
    ...best.map((metric) => ({
      id: `best:${metric}`,
      label: `Best validation ${lowerFirst(metricFacts(metric).label)}`,
      metric,
      of: (run: RunSummary) => run.bestScores[metric]?.value,
    })),
    ...results.map((name) => ({
      id: `score:${name}`,
      label: resultLabel(name),
      metric: lastPart(name),
      of: (run: RunSummary) => run.scores[name],
    })),
    { id: 'lastLoss', label: 'Last training loss', metric: 'loss', of: (run) => run.lastLoss },
    { id: 'speed', label: 'Speed', metric: 'samplesPerSecond', of: speedOf },
    {
      id: 'examples',
      label: 'Examples trained on',
      metric: 'examplesSeen',
      of: (run) => run.progress?.examplesSeen,
      format: 'count',
    },
  ];
}

/** "test.best-loss.accuracy" -> "Test accuracy, weights of best loss". */
export function resultLabel(name: string): string {
  const [split = '', weights = '', ...rest] = name.split('.');
  if (rest.length === 0) return name;
  const metric = lowerFirst(metricFacts(rest.join('.')).label);
  const where = weights === 'latest' ? 'latest weights' : weights.replace(/^best-/, 'weights of best ');
  return `${split.charAt(0).toUpperCase()}${split.slice(1)} ${metric}, ${where}`;
}

function speedOf({ progress }: RunSummary): number | undefined {
  return progress === null || progress.samplesPerSecond === 0 ? undefined : progress.samplesPerSecond;
}

function bestColumns(metric: string, cells: readonly (Measured | undefined)[]): ReadonlySet<number> {
  const known = cells.flatMap((cell) => (cell !== undefined && Number.isFinite(cell.value) ? [cell.value] : []));
  const [first] = known;
  if (first === undefined || known.length < 2) return new Set();
  const best = known.reduce((a, b) => (isBetterScore(metric, b, a) ? b : a), first);
  // Where all are equal, none is best.
  if (known.every((value) => value === best)) return new Set();
  return new Set(cells.flatMap((cell, index) => (cell?.value === best ? [index] : [])));
}

function formatOf(format: ReturnType<typeof metricFacts>['format']): MeasuredFormat {
  if (format === 'score') return 'score';
  return format === 'count' ? 'count' : 'value';
}

/** Scores before losses, each by name. */
function byDirection(a: string, b: string): number {
  const rank = (name: string): number => (metricFacts(name).direction === 'higher' ? 0 : 1);
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}

/** Test before validation, the latest weights before the best ones, scores before losses. */
function byPlace(a: string, b: string): number {
  const rank = (name: string): number => (name.startsWith('test.') ? 0 : 4) + (name.includes('.latest.') ? 0 : 2);
  return rank(a) - rank(b) || byDirection(lastPart(a), lastPart(b)) || (a < b ? -1 : 1);
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

export function scoreTable(rows: readonly ScoreRow[], labels: readonly string[], title: string): Table {
  return {
    title,
    columns: [
      { header: 'Score', align: 'left' },
      { header: 'Unit', align: 'left' },
      ...labels.map((header) => ({ header, align: 'right' as const })),
    ],
    rows: rows.map(({ label, unit, format, cells, best }) => [
      label,
      unit,
      ...cells.map((cell, index) => (cell === undefined ? null : { ...cell, format, isBest: best.has(index) })),
    ]),
  };
}
