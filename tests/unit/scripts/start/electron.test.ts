import { expect, it } from 'vitest';
import { noScreenReason } from '../../../../scripts/start/electron.mjs';

it('needs a screen on Linux, and somebody other than root', () => {
  expect(noScreenReason({}, 'linux', 1000)).toMatch(/no screen/);
  expect(noScreenReason({ DISPLAY: ':0' }, 'linux', 0)).toMatch(/root/);
  expect(noScreenReason({ DISPLAY: ':0' }, 'linux', 1000)).toBeUndefined();
  expect(noScreenReason({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux', 1000)).toBeUndefined();
  expect(noScreenReason({}, 'darwin', 501)).toBeUndefined();
});
