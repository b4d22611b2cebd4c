import { readFileSync, statSync } from 'node:fs';
import { AppError } from '../../src-shared/app-error.ts';
import { isSuperGlueTask, type SuperGlueTaskName } from '../../src-shared/config/superglue-tasks.ts';
import type { AnswerBody, RequestBody } from '../../src-shared/ipc/contract.ts';
import { OVERLAPS, type ExampleRow, type ExampleSplit, type Overlap } from '../../src-shared/ipc/contract/superglue.ts';
import { decodeNumber } from '../../src-shared/run/number-json.ts';
import { PredictionRecord } from '../../src-shared/run/prediction-record.ts';
import type { Registry } from '../registry/open-registry.ts';
import { getRun } from '../registry/runs.ts';
import { predictionFiles } from './prediction-files.ts';

/** Parsed splits that are kept for the next page of them; the largest (ReCoRD) is some 20 MB. */
const KEPT = 4;

interface Predicted {
  readonly task: SuperGlueTaskName;
  readonly records: readonly PredictionRecord[];
}

/** What runs predicted, example by example. */
export class PredictedExamples {
  readonly #db: Registry;
  readonly #home: string;
  readonly #kept = new Map<string, { readonly atMs: number; readonly records: readonly PredictionRecord[] }>();

  constructor(db: Registry, home: string) {
    this.#db = db;
    this.#home = home;
  }

  /** @throws AppError registry/not-found, run/invalid-state before it has predicted, file/invalid */
  page({
    runId,
    split,
    offset,
    limit,
    ...wanted
  }: RequestBody<'superglue.examples'>): AnswerBody<'superglue.examples'> {
    const { task, records } = this.#predicted(runId, split);
    const only = wanted.idx === undefined ? undefined : new Set(wanted.idx);
    const words = wanted.text.toLowerCase().split(/\s+/u).filter(Boolean);
    const matching = records.filter((record) => {
      if (only?.has(record.idx) === false) return false;
      if (wanted.show !== 'all' && record.isRight !== (wanted.show === 'right')) return false;
      if (wanted.prediction !== undefined && String(record.prediction) !== wanted.prediction) return false;
      if (wanted.target !== undefined && !targetsOf(record).includes(wanted.target)) return false;
      if (wanted.overlap !== undefined && overlapOf(record) !== wanted.overlap) return false;
      if (words.length === 0) return true;
      const text = [record.a, record.b, ...targetsOf(record), String(record.prediction)].join('\n').toLowerCase();
      return words.every((word) => text.includes(word));
    });
    return {
      task,
      total: records.length,
      matching: matching.length,
      rows: matching.slice(offset, offset + limit).map(exampleRow),
    };
  }

  /** Null where answers are no labels. @throws AppError as `page` */
  confusion(runId: string, split: ExampleSplit = 'validation'): AnswerBody<'superglue.confusion'> {
    const { task, records } = this.#predicted(runId, split);
    const labels = Object.keys(records[0]?.labelScores ?? {});
    if (labels.length === 0) return null;
    const counts = labels.map(() => labels.map(() => 0));
    for (const record of records) {
      const [target] = targetsOf(record);
      const row = target === undefined ? undefined : counts[labels.indexOf(target)];
      const column = labels.indexOf(String(record.prediction));
      if (row !== undefined && column >= 0) row[column] = (row[column] ?? 0) + 1;
    }
    return { task, labels, counts };
  }

  /** Null where answers are labels. @throws AppError as `page` */
  overlaps(runId: string): AnswerBody<'superglue.overlaps'> {
    const found = this.#predicted(runId, 'validation').records.map(overlapOf);
    if (found.every((overlap) => overlap === undefined)) return null;
    const counts = OVERLAPS.map((overlap) => [overlap, found.filter((one) => one === overlap).length] as const);
    return Object.fromEntries(counts) as Record<Overlap, number>;
  }

  #predicted(runId: string, split: ExampleSplit): Predicted {
    const { name, config } = getRun(this.#db, runId);
    const task = config.data.kind === 'text' ? config.data.tasks : '';
    const { note, details } = predictionFiles(this.#home, runId, split);
    const isWhole = statSync(note, { throwIfNoEntry: false }) !== undefined;
    const atMs = statSync(details, { throwIfNoEntry: false })?.mtimeMs;
    if (!isSuperGlueTask(task) || !isWhole || atMs === undefined) {
      throw new AppError('run/invalid-state', `Run '${name}' has not predicted its ${split} examples yet.`, {
        runId,
      });
    }
    const known = this.#kept.get(details);
    const records = known?.atMs === atMs ? known.records : readRecords(details);
    // Last used last.
    this.#kept.delete(details);
    this.#kept.set(details, { atMs, records });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return { task, records };
  }
}

function readRecords(file: string): PredictionRecord[] {
  try {
    const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
    return lines.map((line) => PredictionRecord.parse(JSON.parse(line)));
  } catch (error) {
    throw new AppError('file/invalid', `${file} can't be read; delete it and resume the group.`, { file }, error);
  }
}

function targetsOf({ target }: PredictionRecord): readonly string[] {
  return target === undefined ? [] : Array.isArray(target) ? target : [String(target)];
}

/** Undefined where answers are labels, or not known. */
function overlapOf({ isRight, f1 }: PredictionRecord): Overlap | undefined {
  if (f1 === undefined) return undefined;
  return isRight === true ? 'exact' : f1 > 0 ? 'partial' : 'none';
}

function exampleRow(record: PredictionRecord): ExampleRow {
  return {
    idx: record.idx,
    group: record.group ?? null,
    a: record.a,
    b: record.b,
    targets: [...targetsOf(record)],
    prediction: String(record.prediction),
    isRight: record.isRight ?? null,
    f1: record.f1 ?? null,
    scores: Object.entries(record.labelScores).map(([label, value]) => ({ label, value: decodeNumber(value) })),
  };
}
