import { toAppError, type AppError } from '../../../src-shared/app-error.ts';
import { valueByPath } from '../../../src-shared/config/differences.ts';
import { SAMPLE_NAME } from '../../../src-shared/config/presets/text.ts';
import type { SuperGlueTaskName } from '../../../src-shared/config/superglue-tasks.ts';
import type { AnswerBody } from '../../../src-shared/ipc/contract.ts';
import type { CheckpointView } from '../../../src-shared/ipc/contract/checkpoints.ts';
import type { App } from '../app.svelte.ts';
import { Remote } from '../remote.svelte.ts';
import {
  baseOf,
  changeableFields,
  chosenTasks,
  draftFromQuery,
  prepareRequest,
  queryOfChanges,
  queryOfField,
  type Draft,
} from './draft.ts';
import { addressOfPipeline } from './places.ts';
import type { PipelinesView } from './pipelines-view.svelte.ts';

/** After the last key before the main process is asked. */
const PAUSE_MS = 250;

/** The form of a new pipeline; the address holds what is typed. Made by its component; its effects end with it. */
export class NewPipelineForm {
  readonly choices = new Remote<AnswerBody<'superglue.choices'>>();
  readonly source = new Remote<AnswerBody<'runs.get'>>();
  readonly checkpoints = new Remote<readonly CheckpointView[]>();
  /** The main process's word on it: runs, time, problems. */
  readonly answer = new Remote<AnswerBody<'superglue.check'>>();
  starting = $state(false);
  refused = $state.raw<AppError>();
  readonly #app: App;
  readonly #view: () => PipelinesView;

  readonly draft: Draft = $derived.by(() => draftFromQuery(this.#app.route.query));
  readonly sourceConfig = $derived.by(() =>
    this.draft.start === 'run' && this.draft.from !== undefined ? this.source.value?.config : undefined,
  );
  /** The one chosen; else the source's, or the first that is not the app's own. */
  readonly set = $derived.by(() => {
    const sets = this.choices.value?.sets ?? [];
    const named = (name: string) => sets.find((one) => one.name === name);
    const data = this.sourceConfig?.data;
    const ofSource = data?.kind === 'text' ? named(data.superglue) : undefined;
    if (this.draft.set !== '') return named(this.draft.set);
    if (this.draft.isSmoke) return named(SAMPLE_NAME);
    return ofSource ?? sets.find(({ name }) => name !== SAMPLE_NAME) ?? named(SAMPLE_NAME);
  });
  readonly tasks: readonly SuperGlueTaskName[] = $derived.by(() => chosenTasks(this.draft, this.set));
  readonly base = $derived.by(() => baseOf(this.draft.isSmoke, this.sourceConfig));
  readonly fields = $derived.by(() => changeableFields(this.base, this.draft.start === 'fresh'));
  readonly prepared = $derived.by(() =>
    prepareRequest(this.draft, {
      base: this.base,
      set: this.set,
      tokenizers: this.choices.value?.tokenizers ?? [],
    }),
  );
  readonly lacksCheckpoint = $derived.by(() => {
    const known = this.checkpoints.value;
    const { start, from, checkpoint } = this.draft;
    return (
      start === 'run' && from !== undefined && known !== undefined && !known.some(({ kind }) => kind === checkpoint)
    );
  });
  /** What is wrong, by field; the page's own word first. */
  readonly problems: Readonly<Record<string, string>> = $derived.by(() => {
    const said = (this.answer.value?.problems ?? []).map(({ path, message }) => [path, message] as const);
    const error = this.answer.error ?? this.source.error;
    return {
      ...Object.fromEntries(said),
      ...(error === undefined ? {} : { from: error.message }),
      ...(this.lacksCheckpoint ? { from: `This run has no checkpoint “${this.draft.checkpoint}”.` } : {}),
      ...this.prepared.problems,
    };
  });
  /** What is wrong with no field that is shown. */
  readonly otherProblems: readonly string[] = $derived.by(() => {
    const shown = ['from', 'tasks', 'learningRates', 'seeds', 'superglue', 'data.tokenizer', 'training.epochs'];
    return Object.entries(this.problems)
      .filter(([path]) => !shown.includes(path) && !(path in this.draft.changes))
      .map(([path, message]) => (path === '' ? message : `${path}: ${message}`));
  });
  readonly canStart = $derived.by(
    () =>
      !this.starting &&
      this.prepared.body !== undefined &&
      this.answer.value !== undefined &&
      !this.answer.loading &&
      Object.keys(this.problems).length === 0,
  );

  constructor(app: App, view: () => PipelinesView) {
    this.#app = app;
    this.#view = view;
    $effect(() => {
      if (app.connected) void this.choices.load(() => view().choices());
    });
    const runId = $derived(this.draft.start === 'run' ? this.draft.from : undefined);
    $effect(() => {
      this.source.clear();
      this.checkpoints.clear();
      if (runId === undefined || !app.connected) return;
      const id = runId;
      void this.source.load(() => app.client.request('runs.get', { runId: id }));
      void this.checkpoints.load(() => app.client.request('checkpoints.list', { runId: id }));
    });
    // As text, so that what is put together anew but says the same is not asked again.
    const asked = $derived(JSON.stringify(this.prepared.body) as string | undefined);
    $effect(() => {
      this.answer.clear();
      if (asked === undefined || !app.connected) return;
      const body = JSON.parse(asked) as NonNullable<typeof this.prepared.body>;
      const timer = setTimeout(
        () => void this.answer.load(() => app.client.request('superglue.check', body)),
        PAUSE_MS,
      );
      return () => {
        clearTimeout(timer);
      };
    });
  }

  change(changes: Partial<Omit<Draft, 'changes'>>): void {
    this.#app.route.setQuery(queryOfChanges(changes));
  }

  /** Null takes the change of a field back. */
  setField(path: string, text: string | null): void {
    this.#app.route.setQuery(queryOfField(path, text));
  }

  /** The value a field has unless it is changed, as text. */
  valueOf(path: string): string {
    return String(valueByPath(this.base, path) ?? '');
  }

  toggleTask(task: SuperGlueTaskName): void {
    const chosen = this.tasks.includes(task) ? this.tasks.filter((one) => one !== task) : [...this.tasks, task];
    this.change({ tasks: chosen });
  }

  /** Queues all of its runs, and goes there. */
  async start(): Promise<void> {
    const { body } = this.prepared;
    if (!this.canStart || body === undefined) return;
    this.starting = true;
    this.refused = undefined;
    try {
      const detail = await this.#app.client.request('superglue.start', body);
      this.#view().take(detail);
      this.#app.route.go(addressOfPipeline(detail.summary.pipelineId));
    } catch (error) {
      this.refused = toAppError(error);
    }
    this.starting = false;
  }
}
