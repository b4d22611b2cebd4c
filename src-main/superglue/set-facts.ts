import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { toAppError } from '../../src-shared/app-error.ts';
import { SAMPLE_NAME } from '../../src-shared/config/presets/text.ts';
import { SUPERGLUE_TASK_NAMES, type SuperGlueTaskName } from '../../src-shared/config/superglue-tasks.ts';
import { dataFolder, notImported } from '../engine/data/data-folders.ts';
import { ensureSample } from '../engine/data/ensure-sample.ts';
import { readSuperGlueInfo } from '../engine/data/superglue-set/read-superglue.ts';
import { SUPERGLUE_INFO, type SuperGlueInfo } from '../engine/data/superglue-set/superglue-files.ts';
import type { TaskSizes } from './plan.ts';
import type { PredictionName } from './prediction-files.ts';

/** What imported SuperGLUE sets hold, read again only when it has changed. */
export class SetFacts {
  readonly #dataDirectory: string;
  readonly #known = new Map<string, { readonly atMs: number; readonly info: SuperGlueInfo }>();

  constructor(dataDirectory: string) {
    this.#dataDirectory = dataDirectory;
  }

  /**
   * Tasks that can be trained on and validated with.
   * @throws AppError file/not-found, file/invalid, input/invalid
   */
  async sizes(set: string): Promise<Map<SuperGlueTaskName, TaskSizes>> {
    // What the app ships is put in place when it is first asked for.
    if (set === SAMPLE_NAME) await ensureSample(this.#dataDirectory);
    const { tasks } = this.#info(set);
    return new Map(
      SUPERGLUE_TASK_NAMES.flatMap((task) => {
        const { train, val } = tasks[task]?.splits ?? {};
        const isUsable = (train?.examples ?? 0) > 0 && (val?.examples ?? 0) > 0;
        return isUsable ? [[task, { train: train?.examples ?? 0, validation: val?.examples ?? 0 }] as const] : [];
      }),
    );
  }

  /** @throws AppError file/not-found, input/invalid */
  async assertTokenizer(name: string): Promise<void> {
    if (name === SAMPLE_NAME) await ensureSample(this.#dataDirectory);
    const folder = dataFolder(this.#dataDirectory, 'tokenizers', name);
    if (!existsSync(folder)) throw notImported('tokenizers', name, join(folder, '..'));
  }

  /** Why something can't be predicted: the set has no such split. Undefined where it has. */
  lacks(set: string, task: SuperGlueTaskName, name: PredictionName): string | undefined {
    let info: SuperGlueInfo;
    try {
      info = this.#info(set);
    } catch (error) {
      return toAppError(error).message;
    }
    const isDiagnostic = name !== 'validation' && name !== 'test';
    const splits = info.tasks[isDiagnostic ? name : task]?.splits;
    const found = name === 'validation' ? splits?.val : splits?.test;
    if (found !== undefined && found.examples > 0) return undefined;
    return `The SuperGLUE set '${set}' has no ${isDiagnostic ? `diagnostics ${name}` : `${name} split of ${task}`}.`;
  }

  #info(set: string): SuperGlueInfo {
    const folder = dataFolder(this.#dataDirectory, 'superglue', set);
    const file = join(folder, SUPERGLUE_INFO);
    const atMs = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
    if (atMs === undefined) throw notImported('superglue', set, join(folder, '..'));
    const known = this.#known.get(set);
    if (known?.atMs === atMs) return known.info;
    const info = readSuperGlueInfo(folder);
    this.#known.set(set, { atMs, info });
    return info;
  }
}
