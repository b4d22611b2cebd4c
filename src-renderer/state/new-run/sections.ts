import type { DocumentedField } from '../../../src-shared/config/field-documentation.ts';

/** Fields of the form that belong together. */
export interface FieldSection {
  /** First word of the paths; "" for the two at the top. */
  readonly group: string;
  readonly title: string;
  readonly fields: readonly DocumentedField[];
}

const TITLES: Readonly<Record<string, string>> = {
  '': 'Run',
  model: 'Model',
  optimizer: 'Optimizer',
  meta: 'Meta-learning',
  training: 'Training',
  data: 'Data',
  engine: 'Engine',
};

/** The fields by section, in the order of the schema; empty sections are left out. */
export function sectionsOf(fields: readonly DocumentedField[]): FieldSection[] {
  const groups = [...new Set(fields.map(groupOf))];
  return groups.map((group) => ({
    group,
    title: TITLES[group] ?? group,
    fields: fields.filter((field) => groupOf(field) === group),
  }));
}

/** Whether every word of the search occurs in the field's path, help, unit or choices. */
export function matchesSearch(field: DocumentedField, search: string): boolean {
  const text = `${field.path} ${labelOf(field.path)} ${field.help} ${field.unit} ${field.range}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** "optimizer.learningRate" as it is read: "Learning rate". */
export function labelOf(path: string): string {
  const word = path.slice(path.lastIndexOf('.') + 1);
  const spaced = word.replace(/([a-z])([A-Z0-9])/g, '$1 $2').toLowerCase();
  const named = spaced.replace(/^mlm\b/, 'MLM').replace(/^xla$/, 'XLA');
  return `${named.charAt(0).toUpperCase()}${named.slice(1)}`;
}

function groupOf({ path }: DocumentedField): string {
  const dot = path.indexOf('.');
  return dot === -1 ? '' : path.slice(0, dot);
}
