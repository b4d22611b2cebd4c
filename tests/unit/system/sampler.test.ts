import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SystemSample } from '../../../src-shared/ipc/contract/system.ts';
import { parseGpus } from '../../../src-main/system/gpus.ts';
import { readProcessUse } from '../../../src-main/system/process-use.ts';
import { SystemSampler } from '../../../src-main/system/sampler.ts';

const hasProc = existsSync('/proc/self/stat');

describe('SystemSampler', () => {
  it('measures the machine and each engine; a process that is gone is left out', async () => {
    const seen: unknown[] = [];
    const sampler = new SystemSampler({
      engines: () =>
        new Map([
          ['run', process.pid],
          ['gone', 2 ** 22 + 1],
        ]),
      isWatched: () => false,
      onSample: (sample) => seen.push(sample),
    });
    await sampler.sample();
    const until = performance.now() + 300;
    while (performance.now() < until) Math.random();
    const sample = await sampler.sample();
    sampler.close();
    expect(SystemSample.parse(sample)).toEqual(sample);
    expect(seen).toEqual(sampler.samples());
    expect(sample.memoryUsedBytes).toBeGreaterThan(0);
    expect(sample.memoryUsedBytes).toBeLessThan(sample.memoryTotalBytes);
    // Not above all cores, and what this process has just burned shows.
    expect(sample.cpuShare).toBeGreaterThan(0);
    expect(sample.cpuShare).toBeLessThanOrEqual(1);
    if (!hasProc) return;
    expect(sample.engines.map(({ runId }) => runId)).toEqual(['run']);
    expect(sample.engines[0]?.cpuShare).toBeGreaterThan(0.02);
    expect(sample.engines[0]?.memoryBytes).toBeGreaterThan(20e6);
  });

  describe('with a clock under hand', () => {
    beforeEach(() => {
      vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
    });
    afterEach(() => {
      vi.useRealTimers();
    });

    it('measures every ten seconds while somebody looks or an engine works, else never; keeps an hour', async () => {
      let watched = false;
      const engines = new Map<string, number>();
      let samples = 0;
      const sampler = new SystemSampler({
        engines: () => engines,
        isWatched: () => watched,
        onSample: () => (samples += 1),
      });
      vi.advanceTimersByTime(60_000);
      expect(samples).toBe(0);
      watched = true;
      for (let index = 1; index <= 3; index += 1) {
        vi.advanceTimersByTime(10_000);
        await vi.waitFor(() => expect(samples).toBe(index));
      }
      watched = false;
      vi.advanceTimersByTime(60_000);
      engines.set('run', process.pid);
      vi.advanceTimersByTime(10_000);
      await vi.waitFor(() => expect(samples).toBe(4));
      expect(sampler.samples()).toHaveLength(4);
      vi.setSystemTime(Date.now() + 3_590_000);
      vi.advanceTimersByTime(10_000);
      await vi.waitFor(() => expect(samples).toBe(5));
      expect(sampler.samples()).toHaveLength(1);
      sampler.close();
    });
  });
});

describe.runIf(hasProc)('readProcessUse', () => {
  it('reads a process whose name holds spaces and parentheses', async () => {
    const child = spawn('bash', ['-c', 'exec -a "a ) b (c" sleep 30']);
    try {
      await vi.waitFor(() => expect(readProcessUse(child.pid ?? 0)?.memoryBytes).toBeGreaterThan(100_000));
      const use = readProcessUse(child.pid ?? 0);
      expect(use?.cpuMs).toBeLessThan(1000);
      expect(use?.peakMemoryBytes).toBeGreaterThanOrEqual(use?.memoryBytes ?? Infinity);
    } finally {
      child.kill();
    }
    expect(readProcessUse(2 ** 22 + 1)).toBeUndefined();
  });
});

describe('parseGpus', () => {
  it('reads what nvidia-smi prints, and what a card does not tell as nothing', () => {
    const text = 'NVIDIA H200, 37, 1024, 143771\nTesla, odd name, [N/A], 0, 16384\n';
    expect(parseGpus(text)).toEqual([
      { name: 'NVIDIA H200', share: 0.37, memoryUsedBytes: 2 ** 30, memoryTotalBytes: 143_771 * 2 ** 20 },
      { name: 'Tesla, odd name', share: 0, memoryUsedBytes: 0, memoryTotalBytes: 2 ** 34 },
    ]);
    expect(parseGpus('')).toEqual([]);
  });
});
