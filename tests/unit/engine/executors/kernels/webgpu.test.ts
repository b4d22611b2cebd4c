import { existsSync } from 'node:fs';
import { describe, it } from 'vitest';
import {
  SOFTWARE_VARIABLE,
  SWIFTSHADER_DRIVER,
} from '../../../../../src-main/engine/executors/kernels/devices/dawn.ts';
import { checkBackend } from './check-backend.ts';

process.env[SOFTWARE_VARIABLE] = '1';
if (existsSync(SWIFTSHADER_DRIVER)) checkBackend('webgpu');
else
  describe(`kernel executor on webgpu`, () => it.skip(`needs SwiftShader (Debian's chromium): ${SWIFTSHADER_DRIVER}`));
