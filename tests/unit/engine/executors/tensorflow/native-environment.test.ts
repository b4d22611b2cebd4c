import { arch } from 'node:os';
import { afterEach, expect, it, vi } from 'vitest';
import { applyNativeEnvironment } from '../../../../../src-main/engine/executors/tensorflow/native-environment.ts';

const ONEDNN = 'TF_ENABLE_ONEDNN_OPTS';

afterEach(() => vi.unstubAllEnvs());

it('takes oneDNN where products are large, and leaves the choice to TensorFlow elsewhere', () => {
  vi.stubEnv(ONEDNN, undefined);
  applyNativeEnvironment({});
  expect(process.env[ONEDNN]).toBeUndefined();
  applyNativeEnvironment({ largeProducts: true });
  expect(process.env[ONEDNN]).toBe(arch() === 'x64' ? '1' : undefined);
});

it('leaves what the person who started the process has chosen', () => {
  vi.stubEnv(ONEDNN, '0');
  applyNativeEnvironment({ largeProducts: true });
  expect(process.env[ONEDNN]).toBe('0');
});
