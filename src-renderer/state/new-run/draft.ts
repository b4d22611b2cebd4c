/** What "New run" holds: where it starts from and what was changed, every value as the text that was typed. */
export interface Draft {
  readonly base: DraftBase;
  /** By path of the field; the text need not be valid. */
  readonly changes: Texts;
  /** Fields that vary, by path, as `parseAxis` reads them; any makes the draft a sweep. */
  readonly axes: Texts;
  /** The run and checkpoint whose weights it begins with; null for fresh weights. */
  readonly weights: { readonly runId: string; readonly checkpoint: string } | null;
  /** "" leaves the name to the app. */
  readonly name: string;
  /** Separated by commas. */
  readonly tags: string;
}

export type Texts = Readonly<Record<string, string>>;
export type DraftBase =
  { readonly kind: 'preset'; readonly preset: string } | { readonly kind: 'run'; readonly runId: string };

export const STANDARD_PRESET = 'two-moons-mlm';
const AXIS = 'vary.';
/** An emptied field: the address keeps no empty values. */
const EMPTY = '""';
const WORDS: readonly string[] = ['preset', 'from', 'weights', 'checkpoint', 'name', 'tags'];

export function emptyDraft(preset = STANDARD_PRESET): Draft {
  return { base: { kind: 'preset', preset }, changes: {}, axes: {}, weights: null, name: '', tags: '' };
}

/** Whether the query of an address says anything about a draft. */
export function holdsDraft(query: ReadonlyMap<string, string>): boolean {
  return [...query.keys()].some((key) => WORDS.includes(key) || isPath(key) || key.startsWith(AXIS));
}

/**
 * The draft an address names: `preset=NAME` or `from=RUN` (a fork), `weights=RUN`, `checkpoint=KIND`, `name`, `tags`, a value
 * per changed field (`optimizer.learningRate=0.01`) and `vary.PATH=...` per axis.
 */
export function draftFromQuery(query: ReadonlyMap<string, string>): Draft {
  const [changes, axes]: [Record<string, string>, Record<string, string>] = [{}, {}];
  for (const [key, value] of query) {
    const text = value === EMPTY ? '' : value;
    if (key.startsWith(AXIS)) axes[key.slice(AXIS.length)] = text;
    else if (isPath(key)) changes[key] = text;
  }
  const [runId, weights] = [query.get('from'), query.get('weights')];
  return {
    base:
      runId === undefined ? { kind: 'preset', preset: query.get('preset') ?? STANDARD_PRESET } : { kind: 'run', runId },
    changes,
    axes,
    weights: weights === undefined ? null : { runId: weights, checkpoint: query.get('checkpoint') ?? 'latest' },
    name: query.get('name') ?? '',
    tags: query.get('tags') ?? '',
  };
}

/** The other way round: `draftFromQuery(new Map(Object.entries(queryOfDraft(draft))))` is the draft again. */
export function queryOfDraft(draft: Draft): Record<string, string> {
  const { base, weights, name, tags } = draft;
  const entries = (texts: Texts, prefix: string): [string, string][] =>
    Object.entries(texts).map(([path, text]) => [`${prefix}${path}`, text === '' ? EMPTY : text]);
  return {
    ...(base.kind === 'preset' ? { preset: base.preset } : { from: base.runId }),
    ...(weights === null ? {} : { weights: weights.runId }),
    ...(weights === null || weights.checkpoint === 'latest' ? {} : { checkpoint: weights.checkpoint }),
    ...(name === '' ? {} : { name }),
    ...(tags === '' ? {} : { tags }),
    ...Object.fromEntries([...entries(draft.changes, ''), ...entries(draft.axes, AXIS)]),
  };
}

/** "a, b,,a" is a and b. */
export function tagList(tags: string): string[] {
  const words = tags.split(',').map((tag) => tag.trim());
  return [...new Set(words.filter((tag) => tag !== ''))];
}

/** Paths of fields have a dot, but for the two at the top. */
function isPath(key: string): boolean {
  return key === 'objective' || key === 'seed' || (key.includes('.') && !key.startsWith(AXIS));
}
