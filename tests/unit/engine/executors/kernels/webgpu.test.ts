import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createKernelExecutor } from '../../../../../src-main/engine/executors/kernels/create-kernel-executor.ts';
import {
  SOFTWARE_VARIABLE,
  SWIFTSHADER_DRIVER,
} from '../../../../../src-main/engine/executors/kernels/devices/dawn.ts';
import { Graph } from '../../../../../src-main/engine/graph/graph.ts';
import { add } from '../../../../../src-main/engine/graph/ops.ts';
import { checkBackend } from './check-backend.ts';

process.env[SOFTWARE_VARIABLE] = '1';

function checkFaults(): void {
  describe('faults of webgpu', () => {
    const program = (shape: readonly number[]) => {
      const graph = new Graph();
      const x = graph.input('x', [1]);
      const y = add(graph.variable('v', [1]), x);
      const big = add(graph.input('row', [shape[1] ?? 1]), graph.input('column', [shape[0] ?? 1, 1]));
      return {
        name: 'faults',
        variables: [{ name: 'v', shape: [1], dtype: 'float32' as const }],
        functions: {
          small: { fetches: { y }, updates: {} },
          ...(shape.length > 0 ? { big: { fetches: { big }, updates: {} } } : {}),
        },
      };
    };

    it('says that a software device is one', async () => {
      const executor = await createKernelExecutor('webgpu');
      expect(executor.info.device).toContain('SOFTWARE');
      executor.dispose();
    });

    it('refuses what cannot fit before anything runs', async () => {
      const executor = await createKernelExecutor('webgpu');
      await expect(executor.compile(program([100_000, 100_000]))).rejects.toMatchObject({
        code: 'executor/out-of-memory',
      });
      executor.dispose();
    });

    it('reports a device that is gone', async () => {
      const executor = await createKernelExecutor('webgpu');
      const session = await executor.compile(program([]));
      await session.run('small', { x: Float32Array.of(1) });
      executor.dispose();
      await expect(session.run('small', { x: Float32Array.of(1) })).rejects.toMatchObject({ code: 'executor/failed' });
    });
  });
}

if (existsSync(SWIFTSHADER_DRIVER)) {
  checkBackend('webgpu');
  checkFaults();
} else {
  describe('kernel executor on webgpu', () => {
    it.skip(`needs SwiftShader (Debian's chromium): ${SWIFTSHADER_DRIVER}`);
  });
}
