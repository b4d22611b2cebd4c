import type { FieldDocumentation, FieldValue } from '../../../src-shared/config/field-documentation.ts';
import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import { readText } from './apply-changes.ts';

/** How the values of one axis of a sweep are given; everything is the text that was typed. */
export type AxisSpec =
  | { readonly kind: 'list'; readonly list: string }
  | {
      readonly kind: 'range';
      readonly from: string;
      readonly to: string;
      readonly steps: string;
      readonly scale: 'linear' | 'log';
    };

export const MOST_VALUES = 200;
const RANGE = /^\s*(\S*?)\s*\.\.\s*(\S*)\s+x(\S*?)(\s+log)?\s*$/;
/** In-between values of a range are rounded to this many digits; its ends are exact. */
const RANGE_DIGITS = 4;

/** "1e-4, 3e-4, 1e-3" is a list, "1e-4..1e-2 x5 log" a range. */
export function parseAxis(text: string): AxisSpec {
  const range = RANGE.exec(text);
  if (range === null) return { kind: 'list', list: text };
  const [, from = '', to = '', steps = '', log] = range;
  return { kind: 'range', from, to, steps, scale: log === undefined ? 'linear' : 'log' };
}

export function axisText(spec: AxisSpec): string {
  if (spec.kind === 'list') return spec.list;
  return `${spec.from}..${spec.to} x${spec.steps}${spec.scale === 'log' ? ' log' : ''}`;
}

/** The values of an axis in their order, each once; or why there are none. */
export type AxisValues = { readonly values: readonly FieldValue[] } | { readonly problem: string };

/** Reads the text of an axis as values that the field may have. */
export function axisValues(field: FieldDocumentation, config: RunConfig, text: string): AxisValues {
  const spec = parseAxis(text);
  const texts = spec.kind === 'list' ? listTexts(spec.list, field) : rangeTexts(spec, field);
  if (!Array.isArray(texts)) return texts;
  if (texts.length === 0) return { problem: 'Expected at least one value.' };
  const values = new Set<FieldValue>();
  for (const one of texts) {
    const read = readText(config, field.path, one);
    if ('problem' in read) return { problem: texts.length > 1 ? `${one}: ${read.problem}` : read.problem };
    values.add(read.value);
  }
  if (values.size > MOST_VALUES) return { problem: `Expected at most ${MOST_VALUES} values, got ${values.size}.` };
  return { values: [...values] };
}

/** What a field is varied over at first: both of two, all choices, or its present value to go on from. */
export function firstAxis(field: FieldDocumentation, value: FieldValue): string {
  if (field.path === 'seed') return `${String(value)}-${Number(value) + 2}`;
  if (field.type === 'boolean') return 'true, false';
  return field.choices?.join(', ') ?? String(value);
}

/** "0-4" counts through whole numbers; the rest is taken as it stands. */
function listTexts(list: string, field: FieldDocumentation): string[] | { problem: string } {
  const texts: string[] = [];
  for (const item of list.split(/[,;\s]+/).filter((one) => one !== '')) {
    const span = field.type === 'integer' ? /^(\d+)-(\d+)$/.exec(item) : null;
    const [first, last] = [Number(span?.[1]), Number(span?.[2])];
    if (span === null) texts.push(item);
    else if (last < first || last - first >= MOST_VALUES) {
      return { problem: `${item}: expected a first and a last value, at most ${MOST_VALUES} of them.` };
    } else for (let value = first; value <= last; value++) texts.push(String(value));
  }
  return texts;
}

function rangeTexts(spec: AxisSpec & { kind: 'range' }, field: FieldDocumentation): string[] | { problem: string } {
  if (field.type !== 'integer' && field.type !== 'number') return { problem: 'Expected a list: this is no number.' };
  if ([spec.from, spec.to, spec.steps].includes('')) return { problem: 'Expected first, last and number of values.' };
  const [from, to, steps] = [Number(spec.from), Number(spec.to), Number(spec.steps)];
  if (!Number.isFinite(from) || !Number.isFinite(to)) return { problem: 'Expected numbers for first and last.' };
  if (!Number.isInteger(steps) || steps < 2 || steps > MOST_VALUES) {
    return { problem: `Expected 2 to ${MOST_VALUES} values, got ${spec.steps}.` };
  }
  if (spec.scale === 'log' && (from <= 0 || to <= 0)) {
    return { problem: 'Expected first and last above 0 for logarithmic steps.' };
  }
  return Array.from({ length: steps }, (_, index) => {
    if (index === 0) return spec.from;
    if (index === steps - 1) return spec.to;
    const share = index / (steps - 1);
    const value = spec.scale === 'log' ? from * (to / from) ** share : from + (to - from) * share;
    return field.type === 'integer' ? String(Math.round(value)) : String(Number(value.toPrecision(RANGE_DIGITS)));
  });
}
