import { expect, it } from 'vitest';
import { COMMANDS } from '../../../src-main/cli/commands.ts';

it.each(Object.keys(COMMANDS))('%s loads the command of that name', async (name) => {
  expect((await COMMANDS[name]?.())?.name).toBe(name);
});
