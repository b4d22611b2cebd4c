import { AppError, toAppError } from '../../src-shared/app-error.ts';
import type { DataJob, DataWish } from '../../src-shared/ipc/contract/data.ts';
import type { DataJobRequest, DataProgress } from '../../src-shared/ipc/data-protocol.ts';
import { toWireError } from '../../src-shared/ipc/wire-error.ts';
import type { EngineLauncher } from '../runs/engine-process.ts';
import { checkWish, targetOf } from './check-wish.ts';
import { startDataProcess, type DataProcess } from './data-process.ts';
import { removeHalfMade } from './leftovers.ts';
import { secondsLeft } from './seconds-left.ts';

export interface DataJobsOptions {
  readonly dataDirectory: string;
  readonly launch: EngineLauncher;
  /** Hears every change of the list, progress included. */
  readonly onJobs: (jobs: DataJob[]) => void;
  /** Hears that a set was made. */
  readonly onMade: () => void;
  readonly now?: () => number;
}

/** Jobs that ended and are remembered until somebody dismisses them. */
const MOST_ENDED = 20;

interface Entry {
  job: DataJob;
  readonly request: DataJobRequest;
  process: DataProcess | undefined;
  /** Set once it has ended and its processes are gone. */
  ended: Promise<void>;
}

/**
 * Data sets in the making: one at a time, each in a process of its own, further ones wait. They are this process's alone,
 * so pages may come and go; what ends with it leaves nothing half-made.
 */
export class DataJobs {
  readonly #options: DataJobsOptions;
  readonly #now: () => number;
  /** Oldest first. */
  #entries: Entry[] = [];
  #nextId = 1;

  constructor(options: DataJobsOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** Newest first. */
  list(): DataJob[] {
    return this.#entries.map(({ job }) => job).reverse();
  }

  /** @throws AppError with the field of the form it is about; see `checkWish` */
  async start(wish: DataWish): Promise<DataJob> {
    const request = await checkWish(wish, this.#options.dataDirectory, this.#now());
    this.#refuseTwice(wish);
    const job: DataJob = {
      jobId: String(this.#nextId++),
      wish,
      state: 'waiting',
      askedAtMs: this.#now(),
      startedAtMs: null,
      endedAtMs: null,
      progress: null,
      secondsLeft: null,
      error: null,
    };
    this.#entries.push({ job, request, process: undefined, ended: Promise.resolve() });
    this.#startNext();
    this.#tell();
    return this.#find(job.jobId).job;
  }

  /** @throws AppError registry/not-found */
  cancel(jobId: string): DataJob {
    const entry = this.#find(jobId);
    if (entry.job.state === 'waiting') this.#change(entry, { state: 'cancelled', endedAtMs: this.#now() });
    else if (entry.job.state === 'running') {
      this.#change(entry, { state: 'cancelling', secondsLeft: null });
      entry.process?.cancel();
    }
    return entry.job;
  }

  /** @throws AppError registry/not-found, run/invalid-state while it is at work */
  dismiss(jobId: string): DataJob[] {
    const entry = this.#find(jobId);
    if (!isEnded(entry.job)) throw new AppError('run/invalid-state', 'It has not ended; cancel it first.', { jobId });
    this.#entries = this.#entries.filter((one) => one !== entry);
    this.#tell();
    return this.list();
  }

  /** Whether a job that has not ended reads the tokenizer of this name. */
  readsTokenizer(name: string): boolean {
    return this.#entries.some(
      ({ job: { wish, state } }) =>
        (state === 'waiting' || state === 'running') && wish.kind === 'import-corpus' && wish.tokenizer === name,
    );
  }

  /** Ends what is at work; resolves when nothing of it is left. */
  async close(): Promise<void> {
    for (const { job } of this.#entries) if (job.state === 'waiting') this.cancel(job.jobId);
    for (const entry of this.#entries) entry.process?.kill();
    await Promise.all(this.#entries.map(({ ended }) => ended));
  }

  #startNext(): void {
    if (this.#entries.some(({ process }) => process !== undefined)) return;
    const entry = this.#entries.find(({ job }) => job.state === 'waiting');
    if (entry === undefined) return;
    this.#change(entry, { state: 'running', startedAtMs: this.#now() });
    entry.process = startDataProcess(this.#options.launch, entry.request, (progress) =>
      this.#progressed(entry, progress),
    );
    entry.ended = this.#watch(entry, entry.process);
  }

  async #watch(entry: Entry, process: DataProcess): Promise<void> {
    let end: Partial<DataJob>;
    try {
      await process.done;
      end = { state: 'done' };
    } catch (error) {
      const { code } = toAppError(error);
      end = code === 'cancelled' ? { state: 'cancelled' } : { state: 'failed', error: toWireError(error) };
      // A killed process could not.
      if ('folder' in entry.request) await removeHalfMade(entry.request.folder, process.pid);
    }
    entry.process = undefined;
    this.#change(entry, { ...end, endedAtMs: this.#now(), secondsLeft: null });
    this.#forgetOldest();
    if (end.state === 'done') this.#options.onMade();
    this.#startNext();
  }

  #progressed(entry: Entry, progress: DataProgress): void {
    const { state, startedAtMs } = entry.job;
    if (state !== 'running') return;
    const left = secondsLeft(progress.share, (this.#now() - (startedAtMs ?? this.#now())) / 1000);
    this.#change(entry, { progress, secondsLeft: left });
  }

  #forgetOldest(): void {
    const ended = this.#entries.filter(({ job }) => isEnded(job));
    const forgotten = new Set(ended.slice(0, Math.max(0, ended.length - MOST_ENDED)));
    this.#entries = this.#entries.filter((entry) => !forgotten.has(entry));
  }

  #refuseTwice(wish: DataWish): void {
    const target = targetOf(wish);
    const isSame = ({ job }: Entry): boolean => {
      const other = targetOf(job.wish);
      return !isEnded(job) && other?.kind === target?.kind && other?.name === target?.name;
    };
    if (!this.#entries.some(isSame)) return;
    const what = target === undefined ? 'The sample' : `'${target.name}'`;
    throw new AppError('registry/conflict', `${what} is being made already.`, { field: 'name' });
  }

  #find(jobId: string): Entry {
    const entry = this.#entries.find(({ job }) => job.jobId === jobId);
    if (entry === undefined) throw new AppError('registry/not-found', `There is no data job ${jobId}.`, { jobId });
    return entry;
  }

  #change(entry: Entry, changes: Partial<DataJob>): void {
    entry.job = { ...entry.job, ...changes };
    this.#tell();
  }

  #tell(): void {
    this.#options.onJobs(this.list());
  }
}

function isEnded({ state }: DataJob): boolean {
  return state === 'done' || state === 'cancelled' || state === 'failed';
}
