import { toAppError, type AppError } from '../../src-shared/app-error.ts';
import type { ClassMapView, EvaluationView, LabeledPoint } from '../../src-shared/ipc/run-views.ts';
import type { GridPoints } from '../chart/class-map.ts';
import type { Client } from '../ipc/client.ts';

/** Enough to see the shape, few enough to see the map. */
const UNLABELED_POINTS = 1200;

/** What is shown of one fine-tuning. */
interface RunMaps {
  readonly evaluations: readonly EvaluationView[];
  readonly labeled: readonly LabeledPoint[];
  readonly unlabeled: GridPoints;
}

/** Class maps of several runs with their points, each read once. */
export class ClassMaps {
  /** By run; missing until it is read. */
  runs = $state.raw<ReadonlyMap<string, RunMaps>>(new Map());
  /** By evaluation. */
  maps = $state.raw<ReadonlyMap<number, ClassMapView>>(new Map());
  error = $state.raw<AppError>();
  readonly #client: Client;
  readonly #unsubscribe: () => void;
  readonly #asked = new Set<number>();
  #runIds: readonly string[] = [];

  constructor(client: Client) {
    this.#client = client;
    this.#unsubscribe = client.on('evaluation.added', ({ runId, evaluation }) => {
      const run = this.runs.get(runId);
      if (run === undefined) return;
      const others = run.evaluations.filter(({ evaluationId }) => evaluationId !== evaluation.evaluationId);
      this.runs = new Map([...this.runs, [runId, { ...run, evaluations: [...others, evaluation] }]]);
    });
  }

  dispose(): void {
    this.#unsubscribe();
  }

  /** Reads what is not known of these runs, or everything anew, e.g. after the connection was lost. */
  async open(runIds: readonly string[]): Promise<void> {
    this.#runIds = runIds;
    this.error = undefined;
    this.#asked.clear();
    try {
      const read = await Promise.all(runIds.map(async (runId) => [runId, await this.#readRun(runId)] as const));
      if (this.#runIds === runIds) this.runs = new Map(read);
    } catch (error) {
      this.error = toAppError(error);
    }
  }

  /** Reads the maps of these evaluations, where they are not there yet. */
  async show(wanted: readonly { readonly runId: string; readonly evaluationId: number }[]): Promise<void> {
    const missing = wanted.filter(({ evaluationId }) => !this.maps.has(evaluationId) && !this.#asked.has(evaluationId));
    for (const { evaluationId } of missing) this.#asked.add(evaluationId);
    try {
      const read = await Promise.all(missing.map((one) => this.#client.request('evaluations.classMap', one)));
      const found = read.filter((map) => map !== null).map((map) => [map.evaluationId, map] as const);
      if (found.length > 0) this.maps = new Map([...this.maps, ...found]);
    } catch (error) {
      this.error = toAppError(error);
    }
  }

  async #readRun(runId: string): Promise<RunMaps> {
    const [evaluations, labeled, unlabeled] = await Promise.all([
      this.#client.request('evaluations.list', { runId }),
      this.#client.request('data.labeledPoints', { runId }),
      this.#client.request('data.unlabeledPoints', { runId, points: UNLABELED_POINTS }),
    ]);
    return { evaluations, labeled, unlabeled };
  }
}
