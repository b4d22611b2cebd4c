import { existsSync } from 'node:fs';
import { describe, it } from 'vitest';
import { createKernelExecutor } from '../../src-main/engine/executors/kernels/create-kernel-executor.ts';
import { SOFTWARE_VARIABLE, SWIFTSHADER_DRIVER } from '../../src-main/engine/executors/kernels/devices/dawn.ts';
import { expectRandomGraphs } from './check-random-graphs.ts';

const missing = existsSync(SWIFTSHADER_DRIVER) ? '' : ` (NOT RUN: needs SwiftShader of Debian's chromium)`;

describe.skipIf(missing !== '')(`random graphs on webgpu${missing}`, () => {
  it('give on SwiftShader what the interpreter gives', async () => {
    process.env[SOFTWARE_VARIABLE] = '1';
    const executor = await createKernelExecutor('webgpu');
    try {
      await expectRandomGraphs(executor, { from: 0, to: 60 });
    } finally {
      executor.dispose();
    }
  });
});
