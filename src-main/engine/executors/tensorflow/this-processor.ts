import { readFileSync } from 'node:fs';

export interface Processor {
  /** Instruction sets as Linux lists them. */
  readonly flags: ReadonlySet<string>;
  readonly isIntel: boolean;
}

let known: { readonly processor: Processor | undefined } | undefined;

/** Undefined where it cannot be told. Read once: the kernel writes the file anew for each reader, core by core. */
export function thisProcessor(): Processor | undefined {
  known ??= { processor: readProcessor() };
  return known.processor;
}

function readProcessor(): Processor | undefined {
  let text: string;
  try {
    text = readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    // Not Linux.
    return undefined;
  }
  const flags = /^flags\s*:(.*)$/m.exec(text)?.[1];
  if (flags === undefined) return undefined;
  return { flags: new Set(flags.trim().split(/\s+/)), isIntel: /^vendor_id\s*:\s*GenuineIntel$/m.test(text) };
}
