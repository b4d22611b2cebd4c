import type { AnswerBody } from '../../src-shared/ipc/contract.ts';
import type { StepOfRun, TeacherSteps } from '../../src-shared/ipc/contract/teacher-examples.ts';
import { toAppError, type AppError } from '../../src-shared/app-error.ts';
import type { Client } from '../ipc/client.ts';
import { Remote } from './remote.svelte.ts';

/** What several teachers wrote: their kept steps, their texts at one step, and where a text occurs. */
export class WrittenTexts {
  /** Kept steps with statistics by run; a run that has not been read is missing. */
  steps = $state.raw<ReadonlyMap<string, TeacherSteps>>(new Map());
  stepsError = $state.raw<AppError>();
  /** The texts at the step that was last asked for, in the runs' order. */
  readonly at = new Remote<readonly StepOfRun[]>();
  readonly found = new Remote<AnswerBody<'teacherExamples.search'>>();
  readonly #client: Client;
  readonly #unsubscribe: () => void;
  #runIds: readonly string[] = [];
  /** While one step is read, only the newest wish waits: a slider asks faster than an answer comes. */
  #wanted: number | undefined;
  #isReading = false;

  constructor(client: Client) {
    this.#client = client;
    this.#unsubscribe = client.on('teacherExamples.added', ({ runId }) => {
      if (this.#runIds.includes(runId)) void this.#readSteps([runId]);
    });
  }

  dispose(): void {
    this.#unsubscribe();
  }

  /** Shows other runs; reads all of them anew. */
  open(runIds: readonly string[]): void {
    this.#runIds = runIds;
    this.stepsError = undefined;
    this.steps = new Map([...this.steps].filter(([runId]) => runIds.includes(runId)));
    if (runIds.length === 0) this.at.clear();
    void this.#readSteps(runIds);
  }

  /** Reads the texts at a step. */
  show(step: number): void {
    this.#wanted = step;
    if (!this.#isReading) void this.#readWanted();
  }

  search(text: string): void {
    const runIds = [...this.#runIds];
    if (text.trim() === '' || runIds.length === 0) this.found.clear();
    else void this.found.load(() => this.#client.request('teacherExamples.search', { runIds, text: text.trim() }));
  }

  async #readSteps(runIds: readonly string[]): Promise<void> {
    try {
      const read = await Promise.all(
        runIds.map(async (runId) => [runId, await this.#client.request('teacherExamples.steps', { runId })] as const),
      );
      const current = read.filter(([runId]) => this.#runIds.includes(runId));
      this.steps = new Map([...this.steps, ...current]);
    } catch (error) {
      this.stepsError = toAppError(error);
    }
  }

  async #readWanted(): Promise<void> {
    this.#isReading = true;
    while (this.#wanted !== undefined) {
      const step = this.#wanted;
      const runIds = [...this.#runIds];
      this.#wanted = undefined;
      if (runIds.length > 0) {
        await this.at.load(() => this.#client.request('teacherExamples.atStep', { runIds, step }));
      }
    }
    this.#isReading = false;
  }
}
