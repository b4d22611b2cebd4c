import { cpus, freemem, totalmem } from 'node:os';
import type { SystemSample } from '../../src-shared/ipc/contract/system.ts';
import { readGpus } from './gpus.ts';
import { readProcessUse, type ProcessUse } from './process-use.ts';

const EVERY_MS = 10_000;
const KEPT_MS = 3_600_000;

export interface SamplerOptions {
  /** Engines at work: run -> process id. */
  readonly engines: () => ReadonlyMap<string, number>;
  /** Whether somebody looks; without lookers and engines nothing is measured. */
  readonly isWatched: () => boolean;
  readonly onSample: (sample: SystemSample) => void;
  readonly everyMs?: number;
}

/** Measures this machine and the engines on it every ten seconds while that is of use; keeps the last hour. */
export class SystemSampler {
  readonly #options: SamplerOptions;
  readonly #timer: NodeJS.Timeout;
  #samples: SystemSample[] = [];
  #cpu = cpuTimes();
  #processes = new Map<number, ProcessUse & { readonly atMs: number }>();
  #busy = false;

  constructor(options: SamplerOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#tick(), options.everyMs ?? EVERY_MS);
    this.#timer.unref();
  }

  /** The last hour, oldest first. */
  samples(): SystemSample[] {
    return this.#samples;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    if (this.#busy || (!this.#options.isWatched() && this.#options.engines().size === 0)) return;
    this.#busy = true;
    void this.sample().finally(() => (this.#busy = false));
  }

  /** Measures now. CPU shares are over the time since the sample before. */
  async sample(): Promise<SystemSample> {
    const gpus = await readGpus();
    const atMs = Date.now();
    const before = this.#cpu;
    this.#cpu = cpuTimes();
    const total = this.#cpu.total - before.total;
    const sample: SystemSample = {
      atMs,
      cpuShare: total > 0 ? 1 - (this.#cpu.idle - before.idle) / total : 0,
      memoryUsedBytes: totalmem() - freemem(),
      memoryTotalBytes: totalmem(),
      gpus,
      engines: this.#engines(atMs),
    };
    this.#samples = [...this.#samples.filter((one) => one.atMs > atMs - KEPT_MS), sample];
    this.#options.onSample(sample);
    return sample;
  }

  #engines(atMs: number): SystemSample['engines'] {
    const cores = Math.max(1, cpus().length);
    const now = new Map<number, ProcessUse & { readonly atMs: number }>();
    const engines = [...this.#options.engines()].flatMap(([runId, pid]) => {
      const use = readProcessUse(pid);
      if (use === undefined) return [];
      now.set(pid, { ...use, atMs });
      const last = this.#processes.get(pid);
      const elapsed = last === undefined ? 0 : atMs - last.atMs;
      const cpuShare = last === undefined || elapsed <= 0 ? 0 : (use.cpuMs - last.cpuMs) / elapsed / cores;
      return [{ runId, cpuShare: Math.max(0, cpuShare), memoryBytes: use.memoryBytes }];
    });
    this.#processes = now;
    return engines;
  }
}

function cpuTimes(): { total: number; idle: number } {
  const times = cpus().map((cpu) => cpu.times);
  const idle = times.reduce((sum, one) => sum + one.idle, 0);
  const total = times.reduce((sum, one) => sum + one.user + one.nice + one.sys + one.idle + one.irq, 0);
  return { total, idle };
}
