import type { Command } from './command.ts';

export const benchCommand: Command = {
  name: 'bench',
  usage: '',
  summary: 'placeholder until engine/bench is there',
  positionals: 0,
  options: {},
  async run() {
    return 1;
  },
};
