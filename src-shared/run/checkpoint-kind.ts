import { metricFacts } from './metric-catalogue.ts';

const BEST = /^best-(.+)$/;
const AT_STEP = /^step-(\d+)$/;

/** Kinds in the order of a list: the latest, the best ones by metric, then those kept by step, newest first. */
export function compareKinds(a: string, b: string): number {
  const [x, y] = [rank(a), rank(b)];
  if (x !== y) return x - y;
  if (x === 2) return stepOf(b) - stepOf(a);
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A checkpoint's kind in words: "Latest", "Best accuracy", "Step 1200". */
export function kindLabel(kind: string): string {
  const metric = BEST.exec(kind)?.[1];
  if (metric !== undefined) return `Best ${uncapitalized(metricFacts(metric).label)}`;
  if (AT_STEP.test(kind)) return `Step ${stepOf(kind)}`;
  return kind === 'latest' ? 'Latest' : kind;
}

/** Folder that an export goes to where none is named, inside "exports" of the home folder. */
export function exportFolderName(runName: string, kind: string, step: number): string {
  const plain = runName
    .normalize('NFKD')
    .replace(/[^\w.-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 80);
  return [plain === '' ? 'run' : plain, kind, ...(AT_STEP.test(kind) ? [] : [`step-${step}`])].join('-');
}

/** The kind kept of a step by the setting training.keepCheckpointEveryExamples. */
export function kindAtStep(step: number): string {
  return `step-${step}`;
}

function rank(kind: string): number {
  if (kind === 'latest') return 0;
  return BEST.test(kind) ? 1 : AT_STEP.test(kind) ? 2 : 3;
}

function stepOf(kind: string): number {
  return Number(AT_STEP.exec(kind)?.[1] ?? 0);
}

/** "MLM accuracy" stays as it is, "Accuracy" becomes "accuracy". */
function uncapitalized(label: string): string {
  return /^[A-Z][a-z]/.test(label) ? `${label.charAt(0).toLowerCase()}${label.slice(1)}` : label;
}
