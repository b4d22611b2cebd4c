import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createKernelExecutor } from '../../src-main/engine/executors/kernels/create-kernel-executor.ts';
import { SOFTWARE_VARIABLE, SWIFTSHADER_DRIVER } from '../../src-main/engine/executors/kernels/devices/dawn.ts';
import { expectParity, FIXTURES } from './check-parity.ts';

const missing = existsSync(SWIFTSHADER_DRIVER) ? '' : ` (NOT RUN: needs SwiftShader of Debian's chromium)`;

describe.skipIf(missing !== '')(`recorded runs on webgpu${missing}`, () => {
  it('are reproduced on SwiftShader', async () => {
    process.env[SOFTWARE_VARIABLE] = '1';
    const executor = await createKernelExecutor('webgpu');
    try {
      expect(await expectParity(executor, FIXTURES)).toBeGreaterThan(300);
    } finally {
      executor.dispose();
    }
  });
});
