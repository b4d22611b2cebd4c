import { isSuperGlueTask } from '../../../src-shared/config/superglue-tasks.ts';
import type { AnswerBody, RequestInput } from '../../../src-shared/ipc/contract.ts';
import {
  OVERLAPS,
  type ExampleRow,
  type Overlap,
  type PipelineDetail,
  type PredictionView,
} from '../../../src-shared/ipc/contract/superglue.ts';
import type { App } from '../app.svelte.ts';
import { Remote } from '../remote.svelte.ts';
import type { PipelinesView } from './pipelines-view.svelte.ts';
import { subjectOf, type Subject } from './places.ts';

export const PAGE_LENGTH = 25;
export const SHOWN = { all: 'All', right: 'Right', wrong: 'Wrong' } as const;
export type Show = keyof typeof SHOWN;

/** What a pipeline says of the examples that are looked at. */
export interface OtherPredictions {
  readonly pipelineId: string;
  readonly name: string;
  readonly byIdx: ReadonlyMap<number, ExampleRow>;
}

/** What is predicted of a task or of diagnostics, and by which run. */
interface Predicted {
  readonly prediction: PredictionView;
  readonly runId: string | undefined;
}

/** Examples of one task of the shown pipeline. Made by its component; its effects end with it. */
export class ExamplesView {
  readonly page = new Remote<AnswerBody<'superglue.examples'>>();
  readonly confusion = new Remote<AnswerBody<'superglue.confusion'>>();
  readonly overlaps = new Remote<AnswerBody<'superglue.overlaps'>>();
  others = $state.raw<readonly OtherPredictions[]>([]);
  readonly #app: App;

  readonly detail: PipelineDetail;
  readonly subjects: readonly Subject[];
  readonly subject: Subject;
  readonly predicted: Predicted;
  readonly show: Show = $derived.by(() => {
    const name = this.#app.route.query.get('show');
    return name === 'right' || name === 'wrong' ? name : 'all';
  });
  readonly find: string = $derived.by(() => this.#app.route.query.get('find') ?? '');
  readonly target: string | undefined = $derived.by(() => this.#app.route.query.get('target'));
  readonly prediction: string | undefined = $derived.by(() => this.#app.route.query.get('predicted'));
  readonly overlap: Overlap | undefined = $derived.by(() =>
    OVERLAPS.find((name) => name === this.#app.route.query.get('overlap')),
  );
  readonly offset: number = $derived.by(() => {
    const from = Number(this.#app.route.query.get('from') ?? 0);
    return Number.isInteger(from) && from > 0 ? from : 0;
  });

  constructor(app: App, view: () => PipelinesView, detail: () => PipelineDetail) {
    this.#app = app;
    this.detail = $derived(detail());
    this.subjects = $derived([
      ...this.detail.summary.tasks,
      ...this.detail.diagnostics.map(({ name }): Subject => name),
    ]);
    this.subject = $derived.by(() => {
      const named = subjectOf(app.route.query);
      return named !== undefined && this.subjects.includes(named) ? named : (this.subjects[0] ?? 'BoolQ');
    });
    this.predicted = $derived(predictedOf(this.detail, this.subject));
    // As text: the pipeline is read again and again, the question stays the same.
    const question = $derived(JSON.stringify(this.#question(this.predicted)));
    $effect(() => {
      const body = JSON.parse(question) as RequestInput<'superglue.examples'> | null;
      if (body === null) this.page.clear();
      else if (app.connected) void this.page.load(() => app.client.request('superglue.examples', body));
    });
    const runId = $derived(this.predicted.prediction.state === 'done' ? this.predicted.runId : undefined);
    const split = $derived(splitOf(this.subject));
    $effect(() => {
      this.confusion.clear();
      this.overlaps.clear();
      if (runId === undefined || !app.connected) return;
      const [id, of] = [runId, split];
      void this.confusion.load(() => app.client.request('superglue.confusion', { runId: id, split: of }));
      if (this.subject === 'ReCoRD') {
        void this.overlaps.load(() => app.client.request('superglue.overlaps', { runId: id }));
      }
    });
    const others = $derived(
      JSON.stringify(
        view().comparedIds.flatMap((pipelineId) => {
          const other = view().detailOf(pipelineId)?.value;
          const found = other === undefined ? undefined : predictedOf(other, this.subject);
          if (other === undefined || found?.runId === undefined || found.prediction.state !== 'done') return [];
          return [{ pipelineId, name: other.summary.name, runId: found.runId }];
        }),
      ),
    );
    $effect(() => {
      const wanted = JSON.parse(others) as { pipelineId: string; name: string; runId: string }[];
      const idx = (this.page.value?.rows ?? []).map((row) => row.idx);
      if (!app.connected || idx.length === 0 || wanted.length === 0) {
        this.others = [];
        return;
      }
      let isOver = false;
      const read = wanted.map(async ({ pipelineId, name, runId: other }): Promise<OtherPredictions> => {
        const { rows } = await app.client.request('superglue.examples', {
          runId: other,
          split,
          idx,
          limit: idx.length,
        });
        return { pipelineId, name, byIdx: new Map(rows.map((row) => [row.idx, row])) };
      });
      Promise.all(read).then(
        (all) => {
          if (!isOver) this.others = all;
        },
        (error: unknown) => {
          if (!isOver) app.toasts.fail(error);
        },
      );
      return () => {
        isOver = true;
      };
    });
  }

  /** Changes what is looked for; the list begins again. */
  look(changes: {
    readonly show?: Show;
    readonly find?: string;
    readonly target?: string;
    readonly predicted?: string;
    readonly overlap?: string;
  }): void {
    const all = { ...changes, ...(changes.show === 'all' ? { show: '' } : {}), from: '' };
    this.#app.route.setQuery(all);
  }

  goTo(offset: number): void {
    this.#app.route.setQuery({ from: offset <= 0 ? '' : String(offset) });
  }

  #question({ prediction, runId }: Predicted): RequestInput<'superglue.examples'> | null {
    if (prediction.state !== 'done' || runId === undefined) return null;
    return {
      runId,
      split: splitOf(this.subject),
      show: this.show,
      text: this.find,
      ...(this.target === undefined ? {} : { target: this.target }),
      ...(this.prediction === undefined ? {} : { prediction: this.prediction }),
      ...(this.overlap === undefined ? {} : { overlap: this.overlap }),
      offset: this.offset,
      limit: PAGE_LENGTH,
    };
  }
}

function splitOf(subject: Subject): 'validation' | 'AX-b' | 'AX-g' {
  return isSuperGlueTask(subject) ? 'validation' : subject;
}

function predictedOf({ tasks, diagnostics }: PipelineDetail, subject: Subject): Predicted {
  const none: PredictionView = { state: 'unavailable', lines: null, message: 'The pipeline has not this task.' };
  const of = tasks.find(({ task }) => task === (isSuperGlueTask(subject) ? subject : 'RTE'));
  const prediction = isSuperGlueTask(subject)
    ? of?.validation
    : diagnostics.find(({ name }) => name === subject)?.prediction;
  return { prediction: prediction ?? none, runId: of?.best?.runId };
}
