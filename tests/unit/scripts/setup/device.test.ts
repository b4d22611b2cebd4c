import { expect, it } from 'vitest';
import { chooseDevice } from '../../../../scripts/setup/device.mjs';

it('takes the best there is unless told otherwise', () => {
  expect(chooseDevice([], undefined)).toEqual({ device: 'auto', rest: [] });
  expect(chooseDevice([], '')).toEqual({ device: 'auto', rest: [] });
  expect(chooseDevice([], 'webgpu')).toEqual({ device: 'webgpu', rest: [] });
});

it('puts a flag before the environment and hands the rest on', () => {
  expect(chooseDevice(['--port', '80', '--cpu', '--serve'], 'webgpu')).toEqual({
    device: 'cpu',
    rest: ['--port', '80', '--serve'],
  });
});

it('refuses two devices and unknown ones', () => {
  expect(chooseDevice(['--cpu', '--cuda'], undefined)).toHaveProperty('wrong', expect.stringContaining('exclude'));
  expect(chooseDevice([], 'tpu')).toHaveProperty('wrong', expect.stringContaining('"tpu"'));
});
