import { toAppError } from '../../../src-shared/app-error.ts';
import { DATA_NAME_RANGE } from '../../../src-shared/config/data-name.ts';
import { DataWish } from '../../../src-shared/ipc/contract/data.ts';
import { nameOfPath, pathsOf } from './name-of-path.ts';
import type { WishKind } from './wishes.ts';

export const WISH_FIELDS = ['name', 'source', 'sources', 'tokenizer', 'vocabularySize', 'minFrequency'] as const;
export type WishField = (typeof WISH_FIELDS)[number];

/** What is wrong at a field, in words; what the schema says is for programs. */
const PROBLEMS: Readonly<Record<WishField, string>> = {
  name: `Expected ${DATA_NAME_RANGE}; no "." in front.`,
  source: 'Name a file or folder of the host.',
  sources: 'Name at least one file or folder of the host, one a line.',
  tokenizer: 'Choose a tokenizer.',
  vocabularySize: 'Expected a whole number, 289 to 1 000 000.',
  minFrequency: 'Expected a whole number, 1 to 1 000 000.',
};

/** One form's entries, what is wrong with them, and the wish they make. */
export class WishForm {
  readonly kind: WishKind;
  source = $state('');
  /** One path a line. */
  sources = $state('');
  tokenizer = $state('');
  vocabularySize = $state('30000');
  minFrequency = $state('2');
  partial = $state(false);
  busy = $state(false);
  problems = $state.raw<Partial<Record<WishField, string>>>({});
  /** What is wrong with the whole of it. */
  refusal = $state.raw<string>();
  #name = $state<string>();

  constructor(kind: WishKind) {
    this.kind = kind;
  }

  /** As typed; before that, after the file it comes from. */
  get name(): string {
    return this.#name ?? nameOfPath(this.kind === 'train-tokenizer' ? this.sources : this.source);
  }

  set name(name: string) {
    this.#name = name;
  }

  /** Sends what was filled in; says at the fields what is wrong. @returns whether it was taken */
  async submit(start: (wish: DataWish) => Promise<void>): Promise<boolean> {
    this.problems = {};
    this.refusal = undefined;
    const parsed = DataWish.safeParse(this.#draft());
    if (!parsed.success) {
      const fields = parsed.error.issues.map(({ path }) => fieldOf(path[0])).filter((field) => field !== undefined);
      this.problems = Object.fromEntries(fields.map((field) => [field, PROBLEMS[field]]));
      return false;
    }
    this.busy = true;
    try {
      await start(parsed.data);
      return true;
    } catch (error) {
      const { message, details } = toAppError(error);
      const field = fieldOf(details['field']);
      if (field === undefined) this.refusal = message;
      else this.problems = { [field]: message };
      return false;
    } finally {
      this.busy = false;
    }
  }

  #draft(): unknown {
    const { kind } = this;
    const [name, source] = [this.name.trim(), this.source.trim()];
    switch (kind) {
      case 'import-corpus':
        return { kind, name, source, tokenizer: this.tokenizer };
      case 'import-superglue':
        return { kind, name, source, partial: this.partial };
      case 'import-tokenizer':
        return { kind, name, source };
      case 'train-tokenizer':
        return {
          kind,
          name,
          sources: pathsOf(this.sources),
          vocabularySize: numberOf(this.vocabularySize),
          minFrequency: numberOf(this.minFrequency),
        };
    }
  }
}

function fieldOf(name: unknown): WishField | undefined {
  return WISH_FIELDS.find((field) => field === name);
}

function numberOf(text: string): number | undefined {
  return /^\d+$/.test(text.trim()) ? Number(text.trim()) : undefined;
}
