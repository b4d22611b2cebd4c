import type { Command } from './command.ts';

/**
 * Name -> command, in the order of the overview. Only what is called is loaded: all of them are 600 modules, which take half a
 * second.
 */
export const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  doctor: async () => (await import('./doctor.ts')).doctorCommand,
  run: async () => (await import('./run.ts')).runCommand,
  resume: async () => (await import('./resume.ts')).resumeCommand,
  runs: async () => (await import('./runs.ts')).runsCommand,
  show: async () => (await import('./show.ts')).showCommand,
  predict: async () => (await import('./predict.ts')).predictCommand,
  export: async () => (await import('./export.ts')).exportCommand,
  import: async () => (await import('./import.ts')).importCommand,
  data: async () => (await import('./data.ts')).dataCommand,
  tokenizer: async () => (await import('./tokenizer.ts')).tokenizerCommand,
  superglue: async () => (await import('./superglue.ts')).superGlueCommand,
  'superglue-zip': async () => (await import('./superglue-zip.ts')).superGlueZipCommand,
  'two-moons-study': async () => (await import('./two-moons-study.ts')).twoMoonsStudyCommand,
  parity: async () => (await import('./parity.ts')).parityCommand,
  bench: async () => (await import('./bench.ts')).benchCommand,
};
