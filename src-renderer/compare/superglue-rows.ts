import { SUPERGLUE_TASKS, type PublishedRow } from '../../src-shared/run/report-superglue.ts';
import { measure, type Measured } from '../format/measured.ts';
import type { FigureCell, Table, TableCell } from '../tables/table.ts';

/** Scores x100 by metric key ("BoolQ", "CB_F1", ...), one record per seed. */
export interface TaskScores {
  readonly id: string;
  readonly label: string;
  readonly seeds: readonly Readonly<Record<string, number>>[];
}

export interface SuperGlueRow {
  readonly id: string;
  readonly label: string;
  readonly isPublished: boolean;
  /** By metric key. */
  readonly cells: ReadonlyMap<string, Measured>;
  /** Mean over the eight tasks (of a task's two metrics first); undefined while one is missing. */
  readonly average: Measured | undefined;
  /** How many of the eight tasks have a score. */
  readonly tasks: number;
}

const KEYS = SUPERGLUE_TASKS.flatMap(({ metrics }) => metrics.map(({ key }) => key));

/** The places in which runs keep task scores, e.g. "validation.best" of "validation.best.CB_F1"; "" where there is none before the key. */
export function scorePlaces(scores: readonly Readonly<Record<string, number>>[]): string[] {
  const places = scores.flatMap((one) =>
    Object.keys(one).flatMap((name) => {
      const dot = name.lastIndexOf('.');
      return KEYS.includes(name.slice(dot + 1)) ? [dot < 0 ? '' : name.slice(0, dot)] : [];
    }),
  );
  return [...new Set(places)].sort();
}

/** The task scores in one place, by metric key. */
export function taskScoresOf(
  scores: Readonly<Record<string, number>>,
  place: string,
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    KEYS.flatMap((key) => {
      const value = scores[place === '' ? key : `${place}.${key}`];
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

/** One row per model, then the published ones; runs without any task score are left out. */
export function superGlueRows(models: readonly TaskScores[], published: readonly PublishedRow[]): SuperGlueRow[] {
  const own = models
    .filter(({ seeds }) => seeds.some((scores) => Object.keys(scores).length > 0))
    .map(({ id, label, seeds }) => ({
      id,
      label,
      isPublished: false,
      cells: cellsOf(seeds),
      average: measure(seeds.map(macroAverage)),
      tasks: Math.max(
        ...seeds.map((scores) => SUPERGLUE_TASKS.filter((_, at) => taskMean(scores, at) !== undefined).length),
      ),
    }));
  const others = published.map(({ label, scores, average }) => ({
    id: label,
    label,
    isPublished: true,
    cells: cellsOf([scores]),
    average: measure([average]),
    tasks: SUPERGLUE_TASKS.length,
  }));
  return [...own, ...others];
}

/** Mean of a task's metrics; undefined where one is missing. */
function taskMean(scores: Readonly<Record<string, number>>, at: number): number | undefined {
  const values = (SUPERGLUE_TASKS[at]?.metrics ?? []).map(({ key }) => scores[key]);
  const known = values.filter((value) => value !== undefined);
  return known.length === values.length ? known.reduce((a, b) => a + b, 0) / values.length : undefined;
}

/** Mean over the tasks of each task's mean over its metrics, as the benchmark has it; undefined where one is missing. */
export function macroAverage(scores: Readonly<Record<string, number>>): number | undefined {
  const means = SUPERGLUE_TASKS.map((_, at) => taskMean(scores, at));
  const known = means.filter((value) => value !== undefined);
  return known.length === means.length ? known.reduce((a, b) => a + b, 0) / known.length : undefined;
}

function cellsOf(seeds: readonly Readonly<Record<string, number>>[]): ReadonlyMap<string, Measured> {
  return new Map(
    KEYS.flatMap((key) => {
      const measured = measure(seeds.map((scores) => scores[key]));
      return measured === undefined ? [] : [[key, measured] as const];
    }),
  );
}

/** The keys (and "average") of which a row has the best value; published rows take part, ties are shared. */
export function bestKeys(rows: readonly SuperGlueRow[], row: SuperGlueRow): ReadonlySet<string> {
  const valueOf = (one: SuperGlueRow, key: string): number | undefined =>
    (key === 'average' ? one.average : one.cells.get(key))?.value;
  return new Set(
    [...KEYS, 'average'].filter((key) => {
      const values = rows
        .map((one) => valueOf(one, key))
        .filter((value) => value !== undefined && Number.isFinite(value));
      return values.length > 1 && valueOf(row, key) === Math.max(...values.filter((value) => value !== undefined));
    }),
  );
}

export function superGlueTable(rows: readonly SuperGlueRow[], title: string): Table {
  const figure = (cell: Measured | undefined, isBest: boolean): TableCell =>
    cell === undefined ? null : ({ ...cell, format: 'score', isBest } satisfies FigureCell);
  return {
    title,
    columns: [
      { header: 'Model', align: 'left' },
      ...SUPERGLUE_TASKS.flatMap(({ task, metrics }) =>
        metrics.map(({ label }) => ({
          header: metrics.length === 1 ? task : `${task} ${label}`,
          align: 'right' as const,
        })),
      ),
      { header: 'Macro average', align: 'right' },
    ],
    rows: rows.map((row) => {
      const best = bestKeys(rows, row);
      return [
        row.label,
        ...KEYS.map((key) => figure(row.cells.get(key), best.has(key))),
        figure(row.average, best.has('average')),
      ];
    }),
  };
}
