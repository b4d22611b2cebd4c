import type { z } from 'zod';
import {
  ArticlePage,
  EncodedText,
  ExamplePage,
  VocabularyPage,
  type DataQuery,
} from '../../src-shared/ipc/data-protocol.ts';
import type { EngineMessage } from '../../src-shared/ipc/engine-protocol.ts';
import { fromWireError } from '../../src-shared/ipc/wire-error.ts';
import type { EngineLauncher, EngineProcess } from '../runs/engine-process.ts';
import { diedSilently } from './data-process.ts';

const ANSWERS = {
  articles: ArticlePage,
  examples: ExamplePage,
  vocabulary: VocabularyPage,
  encode: EncodedText,
} as const satisfies Record<DataQuery['kind'], z.ZodType>;

type Answer<Kind extends DataQuery['kind']> = z.output<(typeof ANSWERS)[Kind]>;

/** An engine that nobody has asked for this long is ended. */
const IDLE_MS = 60_000;

interface Pending {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Looks into data sets by an engine process that is started for the first question and kept for the next ones. */
export class DataReader {
  readonly #launch: EngineLauncher;
  readonly #idleMs: number;
  readonly #pending = new Map<number, Pending>();
  #engine: EngineProcess | undefined;
  #idle: NodeJS.Timeout | undefined;
  #nextId = 1;

  constructor(launch: EngineLauncher, idleMs = IDLE_MS) {
    this.#launch = launch;
    this.#idleMs = idleMs;
  }

  /** @throws AppError as the engine answers; executor/failed where it dies */
  async ask<Query extends DataQuery>(query: Query): Promise<Answer<Query['kind']>> {
    this.#engine ??= this.#start();
    const engine = this.#engine;
    clearTimeout(this.#idle);
    const id = this.#nextId++;
    const answer = await new Promise<unknown>((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      engine.send({ type: 'data-query', id, query });
    });
    const kind: Query['kind'] = query.kind;
    return ANSWERS[kind].parse(answer) as Answer<Query['kind']>;
  }

  close(): void {
    clearTimeout(this.#idle);
    this.#engine?.kill();
    this.#engine = undefined;
  }

  #start(): EngineProcess {
    const engine = this.#launch(undefined);
    engine.onMessage((message) => this.#receive(message));
    engine.onExit((exit) => {
      if (this.#engine === engine) this.#engine = undefined;
      if (this.#engine !== undefined) return;
      for (const { reject } of this.#pending.values()) reject(diedSilently(exit));
      this.#pending.clear();
    });
    return engine;
  }

  #receive(message: EngineMessage): void {
    if (message.type !== 'data-answer' && message.type !== 'data-refused') return;
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.type === 'data-answer') pending?.resolve(message.answer);
    else pending?.reject(fromWireError(message.error));
    if (this.#pending.size > 0) return;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.close(), this.#idleMs);
    this.#idle.unref();
  }
}
