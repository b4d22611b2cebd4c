import { untrack } from 'svelte';
import { toAppError, type AppError } from '../../../src-shared/app-error.ts';
import { differences, valueByPath } from '../../../src-shared/config/differences.ts';
import type { FieldValue } from '../../../src-shared/config/field-documentation.ts';
import type { AnswerBody, RequestInput } from '../../../src-shared/ipc/contract.ts';
import type { CheckpointView } from '../../../src-shared/ipc/contract/checkpoints.ts';
import type { App } from '../app.svelte.ts';
import { Remote } from '../remote.svelte.ts';
import { address, addressOfRun } from '../route.svelte.ts';
import { addressOfRunsQuery, STANDARD_QUERY } from '../runs-query.ts';
import { applyChanges, fieldsOf } from './apply-changes.ts';
import { axisValues, firstAxis, type AxisValues } from './axis.ts';
import {
  draftFromQuery,
  emptyDraft,
  holdsDraft,
  queryOfDraft,
  STANDARD_PRESET,
  tagList,
  type Draft,
  type DraftBase,
} from './draft.ts';
import { misfits } from './weights-fit.ts';

const STORAGE_KEY = 'metalmo.newRun';
/** Set while the page is open: the stored draft is then at least as new as the address. */
const OPEN_KEY = 'metalmo.newRun.open';
/** After the last key before the address is written and the main process is asked. */
const PAUSE_MS = 250;
/** The table of runs groups by at most so many columns. */
const MOST_GROUPS = 4;

export type ConfigBase = RequestInput<'config.check'>;

/** What "New run" knows and does. Made by the page; its effects end with it. */
export class NewRunForm {
  draft = $state.raw<Draft>(emptyDraft());
  starting = $state(false);
  refused = $state.raw<AppError>();
  /** The run that is forked. */
  readonly forked = new Remote<AnswerBody<'runs.get'>>();
  /** The run whose weights it begins with, and its checkpoints. */
  readonly parent = new Remote<AnswerBody<'runs.get'>>();
  readonly checkpoints = new Remote<readonly CheckpointView[]>();
  /** The main process's word on the configuration: its problems and what it will need. */
  readonly answer = new Remote<AnswerBody<'config.check'>>();
  /** Its word on the sweep; undefined where nothing varies. */
  readonly sweepAnswer = new Remote<AnswerBody<'sweeps.check'>>();
  readonly #app: App;
  #written = '';
  #hasRead = false;

  readonly baseConfig = $derived.by(() => {
    const { base } = this.draft;
    if (base.kind === 'run') return this.forked.value?.config;
    return this.#app.presets.value?.find(({ name }) => name === base.preset)?.config;
  });
  readonly applied = $derived(
    this.baseConfig === undefined ? undefined : applyChanges(this.baseConfig, this.draft.changes),
  );
  readonly fields = $derived(this.applied === undefined ? [] : fieldsOf(this.applied.config));
  /** Fields in which it differs from its base: a is the base's value, b its own. */
  readonly differences = $derived(
    this.baseConfig === undefined || this.applied === undefined
      ? []
      : differences(this.baseConfig, this.applied.config),
  );
  readonly axes = $derived.by(() => {
    const { applied } = this;
    const read: { path: string; text: string; read: AxisValues }[] = [];
    for (const [path, text] of Object.entries(this.draft.axes)) {
      const field = this.fields.find((one) => one.path === path);
      if (applied === undefined || field === undefined) continue;
      read.push({ path, text, read: axisValues(field, applied.config, text) });
    }
    return read;
  });
  readonly isSweep = $derived(this.axes.length > 0);
  readonly misfits = $derived.by(() => {
    const parent = this.parent.value;
    if (this.draft.weights === null || parent === undefined || this.applied === undefined) return [];
    return misfits(parent.config, this.applied.config);
  });
  /** Whether the run whose weights are wanted has none of that kind. */
  readonly lacksCheckpoint = $derived.by(() => {
    const [{ weights }, known] = [this.draft, this.checkpoints.value];
    return weights !== null && known !== undefined && !known.some(({ kind }) => kind === weights.checkpoint);
  });
  /** What it is called unless it gets a name: a fork is not to be taken for its original. */
  readonly standardName = $derived.by(() => {
    const { base } = this.draft;
    if (base.kind === 'preset') return base.preset;
    return this.forked.value === undefined ? '' : `${this.forked.value.summary.name.slice(0, 190)}, fork`;
  });
  /** Two Moons as it is offered first. */
  readonly isStandard = $derived(
    this.draft.base.kind === 'preset' &&
      this.draft.base.preset === STANDARD_PRESET &&
      this.differences.length === 0 &&
      !this.isSweep,
  );
  /** What is wrong, by path of the field; the page's own word first. */
  readonly problems = $derived.by(() => {
    const all: Record<string, string> = {};
    const said = [...(this.sweepAnswer.value?.problems ?? []), ...(this.answer.value?.problems ?? [])];
    for (const { path, message } of said) all[path] = message.replace(`${path}: `, '');
    for (const { path, read } of this.axes) if ('problem' in read) all[path] = read.problem;
    return { ...all, ...this.applied?.problems };
  });
  readonly canStart = $derived(
    this.applied !== undefined &&
      !this.starting &&
      Object.keys(this.problems).length === 0 &&
      this.misfits.length === 0 &&
      !this.lacksCheckpoint &&
      this.parent.error === undefined,
  );

  constructor(app: App) {
    this.#app = app;
    // The address leads: what it says is the draft; without a word, or after a reload, it is the draft that was left.
    $effect.pre(() => {
      const query = app.route.query;
      if (app.route.place === 'new') untrack(() => this.#read(query));
    });
    $effect(() => {
      sessionStorage.setItem(STORAGE_KEY, searchOf(queryOfDraft(this.draft)));
      sessionStorage.setItem(OPEN_KEY, 'true');
      return afterPause(() => this.#write());
    });
    // A reload ends no effects; whoever leaves the page leaves nothing behind.
    $effect(() => () => {
      sessionStorage.removeItem(OPEN_KEY);
    });
    const ofRun = (runId: string) => app.client.request('runs.get', { runId });
    this.#follow(this.forked, () => (this.draft.base.kind === 'run' ? this.draft.base.runId : undefined), ofRun);
    this.#follow(this.parent, () => this.draft.weights?.runId, ofRun);
    this.#follow(
      this.checkpoints,
      () => this.draft.weights?.runId,
      (runId) => app.client.request('checkpoints.list', { runId }),
    );
    this.#ask(
      this.answer,
      () => (this.#isReady() ? this.configBase() : undefined),
      (body) => app.client.request('config.check', body),
    );
    this.#ask(
      this.sweepAnswer,
      () => (this.#isReady() && this.sweep !== undefined ? { base: this.configBase(), ...this.sweep } : undefined),
      (body) => app.client.request('sweeps.check', body),
    );
  }

  /** The value a field has with everything applied; while its text is invalid, the base's. */
  valueOf(path: string): FieldValue {
    return (this.applied === undefined ? null : valueByPath(this.applied.config, path)) ?? '';
  }

  /** What stands in the field. */
  textOf(path: string): string {
    return this.draft.changes[path] ?? String(this.valueOf(path));
  }

  /** The base's value; undefined where the base has no such field. */
  baseValueOf(path: string): FieldValue | undefined {
    return (this.baseConfig === undefined ? null : valueByPath(this.baseConfig, path)) ?? undefined;
  }

  isChanged(path: string): boolean {
    return this.differences.some((one) => one.path === path) || this.applied?.problems[path] !== undefined;
  }

  set(path: string, text: string): void {
    if (text === String(this.baseValueOf(path))) this.revert(path);
    else this.draft = { ...this.draft, changes: { ...this.draft.changes, [path]: text } };
  }

  /** Back to the base's value, of these fields or of all. */
  revert(...paths: string[]): void {
    const kept = paths.length === 0 ? [] : Object.entries(this.draft.changes).filter(([path]) => !paths.includes(path));
    this.draft = { ...this.draft, changes: Object.fromEntries(kept) };
  }

  /** Starts to vary a field over its first values. */
  vary(path: string): void {
    const field = this.fields.find((one) => one.path === path);
    if (field !== undefined) this.setAxis(path, firstAxis(field, this.valueOf(path)));
  }

  /** Null ends varying the field. */
  setAxis(path: string, text: string | null): void {
    const rest = Object.entries(this.draft.axes).filter(([one]) => text !== null || one !== path);
    this.draft = { ...this.draft, axes: { ...Object.fromEntries(rest), ...(text === null ? {} : { [path]: text }) } };
  }

  setBase(base: DraftBase): void {
    this.draft = { ...this.draft, base };
  }

  setWeights(runId: string | undefined, checkpoint = 'latest'): void {
    this.draft = { ...this.draft, weights: runId === undefined ? null : { runId, checkpoint } };
  }

  /** Takes the model's shape from the run whose weights are used. */
  fitModel(): void {
    for (const { path, a } of this.misfits) if (a !== null) this.set(path, String(a));
  }

  startOver(): void {
    sessionStorage.removeItem(STORAGE_KEY);
    this.refused = undefined;
    this.draft = emptyDraft();
  }

  /** What the main process is told of the configuration. */
  configBase(): ConfigBase {
    const { base } = this.draft;
    const overrides = this.applied?.overrides ?? {};
    return base.kind === 'run' ? { runId: base.runId, overrides } : { preset: base.preset, overrides };
  }

  /** Axes and seeds as a sweep has them; undefined while an axis is not valid, or where nothing varies. */
  readonly sweep = $derived.by(() => {
    if (!this.isSweep || this.applied === undefined) return undefined;
    const axes: { path: string; values: FieldValue[] }[] = [];
    let seeds = [this.applied.config.seed];
    for (const { path, read } of this.axes) {
      if ('problem' in read) return undefined;
      if (path === 'seed') seeds = read.values.map(Number);
      else axes.push({ path, values: [...read.values] });
    }
    return { axes, seeds };
  });

  /** Starts the run, or all of the sweep, and goes there. */
  async start(): Promise<void> {
    if (!this.canStart) return;
    const { name, tags, weights } = this.draft;
    const request = {
      base: this.configBase(),
      tags: tagList(tags),
      name: name.trim() === '' ? this.standardName : name.trim(),
      ...(weights === null ? {} : { from: weights }),
    };
    this.starting = true;
    this.refused = undefined;
    try {
      const { sweep } = this;
      const to =
        sweep === undefined
          ? addressOfRun((await this.#app.runs.start(request)).runId)
          : addressOfSweep((await this.#app.runs.startSweep({ ...request, ...sweep })).sweepId, sweep.axes);
      sessionStorage.removeItem(STORAGE_KEY);
      this.#app.route.go(to);
    } catch (error) {
      this.refused = toAppError(error);
    }
    this.starting = false;
  }

  #isReady(): boolean {
    return this.applied !== undefined && Object.keys(this.applied.problems).length === 0;
  }

  #read(query: ReadonlyMap<string, string>): void {
    const said = queryOfDraft(draftFromQuery(query));
    // A browser reloads the address that it knows, which is a pause behind the last key, or more: it learns of a change later.
    const { isReload, loadedPlace } = this.#app.route;
    const isLeft = !this.#hasRead && isReload && loadedPlace === 'new' && sessionStorage.getItem(OPEN_KEY) !== null;
    this.#hasRead = true;
    if (!holdsDraft(query) || isLeft) {
      this.draft = draftFromQuery(new Map(new URLSearchParams(sessionStorage.getItem(STORAGE_KEY) ?? '')));
    } else if (searchOf(said) !== searchOf(queryOfDraft(this.draft)) && searchOf(said) !== this.#written) {
      this.draft = draftFromQuery(query);
    }
    this.#written = searchOf(said);
  }

  #write(): void {
    const { route } = this.#app;
    if (route.place !== 'new') return;
    const query = queryOfDraft(this.draft);
    const gone = Object.keys(queryOfDraft(draftFromQuery(route.query))).filter((key) => !(key in query));
    this.#written = searchOf(query);
    route.setQuery({ ...Object.fromEntries(gone.map((key) => [key, ''])), ...query });
  }

  /** Reads something of a run whenever another run is chosen or the connection is back. */
  #follow<T>(remote: Remote<T>, runId: () => string | undefined, read: (runId: string) => Promise<T>): void {
    const chosen = $derived(runId());
    let last: string | undefined;
    $effect(() => {
      if (chosen !== last) remote.clear();
      last = chosen;
      if (chosen !== undefined && this.#app.connected) {
        const id = chosen;
        void remote.load(() => read(id));
      }
    });
  }

  /** Asks the main process a pause after the question changed; no question, no answer. */
  #ask<Question, T>(
    remote: Remote<T>,
    question: () => Question | undefined,
    read: (body: Question) => Promise<T>,
  ): void {
    // As text, so that what is put together anew but says the same is not asked again.
    const asked = $derived(JSON.stringify(question()) as string | undefined);
    $effect(() => {
      if (asked === undefined || !this.#app.connected) {
        remote.clear();
        return;
      }
      const body = JSON.parse(asked) as Question;
      return afterPause(() => void remote.load(() => read(body)));
    });
  }
}

/** An effect's cleanup: what to do, unless something changes before. */
function afterPause(act: () => void): () => void {
  const timer = setTimeout(act, PAUSE_MS);
  return () => {
    clearTimeout(timer);
  };
}

/** Where a sweep is looked at: its runs alone, in groups by what varied, or all as one where the seed alone did. */
function addressOfSweep(sweepId: string, axes: readonly { path: string }[]): string {
  const query = addressOfRunsQuery({
    ...STANDARD_QUERY,
    filters: [{ column: 'sweepId', operator: 'is', value: sweepId }],
    groupBy: axes.length === 0 ? ['sweepId'] : axes.slice(0, MOST_GROUPS).map(({ path }) => `config:${path}`),
  });
  return address('runs', Object.fromEntries(Object.entries(query).filter(([, value]) => value !== '')));
}

function searchOf(query: Readonly<Record<string, string>>): string {
  // Sorted: the address keeps the order in which things were said.
  return new URLSearchParams(Object.entries(query).sort(([a], [b]) => (a < b ? -1 : 1))).toString();
}
