import { afterEach, describe, expect, it, vi } from 'vitest';
import { chooseExecutor } from '../../../../src-main/engine/executors/choose.ts';
import { diagnoseExecutors } from '../../../../src-main/engine/executors/diagnose.ts';
import { describeAdapter } from '../../../../src-main/engine/executors/kernels/devices/dawn.ts';
import { machineFacts } from '../../../../src-main/engine/executors/machine-facts.ts';
import { Graph } from '../../../../src-main/engine/graph/graph.ts';
import { add } from '../../../../src-main/engine/graph/ops.ts';

const NOWHERE = '/nonexistent/metalmo-cache';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('choosing an executor', () => {
  it('takes what is named and says so', async () => {
    const { executor, reason } = await chooseExecutor('wasm');
    expect(executor.info.name).toBe('wasm');
    expect(reason).toContain('wasm was asked for');
    const graph = new Graph();
    const x = graph.input('x', [2]);
    const session = await executor.compile({
      name: 'p',
      variables: [],
      functions: { f: { fetches: { y: add(x, 1) }, updates: {} } },
    });
    expect(await session.run('f', { x: Float32Array.of(1, 2) })).toEqual({ y: Float32Array.of(2, 3) });
    session.dispose();
    executor.dispose();
  });

  it('passes over what is not usable, giving the reasons', async () => {
    vi.stubEnv('METALMO_CACHE', NOWHERE);
    vi.stubEnv('METALMO_DEVICE', '');
    vi.stubEnv('METALMO_WEBGPU_SOFTWARE', '0');
    const { executor, reason } = await chooseExecutor('auto');
    expect(['webgpu', 'wasm']).toContain(executor.info.name);
    expect(reason).toContain('tensorflow was passed over: ');
    if (executor.info.name === 'wasm') expect(reason).toContain('webgpu was passed over: ');
  });

  it('keeps to the kind of device that METALMO_DEVICE allows', async () => {
    vi.stubEnv('METALMO_CACHE', NOWHERE);
    vi.stubEnv('METALMO_DEVICE', 'cpu');
    expect((await chooseExecutor('auto')).executor.info.name).toBe('wasm');
    vi.stubEnv('METALMO_DEVICE', 'cuda');
    await expect(chooseExecutor('auto')).rejects.toMatchObject({ code: 'executor/unavailable' });
    vi.stubEnv('METALMO_DEVICE', 'abacus');
    await expect(chooseExecutor('auto')).rejects.toMatchObject({ code: 'config/invalid' });
  });

  it('never replaces an executor that was named', async () => {
    vi.stubEnv('METALMO_CACHE', NOWHERE);
    await expect(chooseExecutor('tensorflow')).rejects.toMatchObject({ code: 'executor/unavailable' });
  });

  it('refuses unknown names', async () => {
    await expect(chooseExecutor('abacus' as 'wasm')).rejects.toMatchObject({ code: 'config/invalid' });
  });
});

describe('diagnosis', () => {
  it('tells of every executor whether and why it is usable, and what to do where not', async () => {
    vi.stubEnv('METALMO_CACHE', NOWHERE);
    const found = await diagnoseExecutors();
    expect(found.map(({ name }) => name)).toEqual(['tensorflow', 'webgpu', 'wasm', 'cpu']);
    for (const { usable, reason, whatToDo, device } of found) {
      expect(reason).not.toBe('');
      if (usable) expect(device).not.toBe('');
      else expect(whatToDo).not.toBe('');
    }
    expect(found.filter(({ usable }) => usable).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['wasm', 'cpu']),
    );
    expect(found[0]?.usable).toBe(false);
  });

  it('marks software devices', () => {
    const info = { vendor: 'google', architecture: 'swiftshader', device: '', description: 'SwiftShader driver' };
    expect(describeAdapter({ ...info, isFallbackAdapter: true } as GPUAdapterInfo).isSoftware).toBe(true);
    expect(describeAdapter({ ...info, isFallbackAdapter: false } as GPUAdapterInfo).isSoftware).toBe(true);
    const real = {
      vendor: 'nvidia',
      architecture: 'hopper',
      device: '',
      description: 'NVIDIA H200',
      isFallbackAdapter: false,
    };
    expect(describeAdapter(real as GPUAdapterInfo)).toEqual({
      label: 'nvidia, hopper, NVIDIA H200',
      isSoftware: false,
    });
  });

  it('describes the machine', async () => {
    const facts = await machineFacts();
    expect(facts.threads).toBeGreaterThan(0);
    expect(facts.memoryBytes).toBeGreaterThan(2 ** 28);
    expect(facts.processor).not.toBe('');
  });
});
