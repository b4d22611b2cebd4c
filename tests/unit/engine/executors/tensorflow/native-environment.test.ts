import { arch } from 'node:os';
import { afterEach, expect, it, vi } from 'vitest';
import {
  applyNativeEnvironment,
  compilationFolder,
  takesOneDnn,
} from '../../../../../src-main/engine/executors/tensorflow/native-environment.ts';

const ONEDNN = 'TF_ENABLE_ONEDNN_OPTS';

afterEach(() => vi.unstubAllEnvs());

it.each([
  [true, '1'],
  [false, '0'],
  [undefined, '0'],
])('decides whether an x86 processor takes oneDNN, whatever TensorFlow would choose: %s', (largeProducts, expected) => {
  vi.stubEnv(ONEDNN, undefined);
  applyNativeEnvironment({ ...(largeProducts !== undefined && { largeProducts }) });
  expect(process.env[ONEDNN]).toBe(arch() === 'x64' ? expected : undefined);
});

it.each([
  ['1', true],
  ['True', true],
  ['0', false],
  ['', false],
])('knows whether oneDNN is taken as TensorFlow reads it: %j', (value, expected) => {
  vi.stubEnv(ONEDNN, value);
  expect(takesOneDnn()).toBe(expected);
});

it('keeps float32 products from being rounded on NVIDIA GPUs', () => {
  vi.stubEnv('NVIDIA_TF32_OVERRIDE', undefined);
  applyNativeEnvironment({});
  expect(process.env['NVIDIA_TF32_OVERRIDE']).toBe('0');
});

it('leaves what the person who started the process has chosen', () => {
  vi.stubEnv(ONEDNN, '0');
  applyNativeEnvironment({ largeProducts: true });
  expect(process.env[ONEDNN]).toBe('0');
});

it('keeps compiled steps apart where processors of one name have other instructions', () => {
  const folder = (model: string, ...flags: string[]): string =>
    compilationFolder(model, { flags: new Set(flags), isIntel: false });
  const folders = [folder('AMD EPYC', 'avx2'), folder('AMD EPYC', 'avx2', 'avx512f'), folder('AMD EPYC 9654', 'avx2')];
  expect(new Set(folders).size).toBe(3);
  expect(folder('AMD EPYC', 'avx512f', 'avx2')).toBe(folders[1]);
});
