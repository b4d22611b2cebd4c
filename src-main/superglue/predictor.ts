import { toAppError } from '../../src-shared/app-error.ts';
import type { PredictRequest } from '../../src-shared/ipc/engine-protocol.ts';
import type { Registry } from '../registry/open-registry.ts';
import { getRun } from '../registry/runs.ts';
import type { EngineLauncher, EngineProcess } from '../runs/engine-process.ts';
import { predictInEngine } from '../runs/predict-in-engine.ts';
import { dataDirectory } from '../runs/run-files.ts';
import type { PredictionState } from './pipeline-state.ts';
import { beginPrediction, finishPrediction, predictionFiles, type PredictionName } from './prediction-files.ts';

export interface PredictorOptions {
  readonly db: Registry;
  readonly home: string;
  readonly launch: EngineLauncher;
}

interface Work {
  readonly key: string;
  engine?: EngineProcess;
  isCancelled: boolean;
}

/** Predicts with one run at a time, in an engine process of its own, and remembers what could not be done. */
export class Predictor {
  readonly #options: PredictorOptions;
  readonly #failures = new Map<string, string>();
  #working: Work | undefined;

  constructor(options: PredictorOptions) {
    this.#options = options;
  }

  readonly isWorking = (runId: string, name: PredictionName): boolean => this.#working?.key === keyOf(runId, name);
  readonly failure = (runId: string, name: PredictionName): string | undefined =>
    this.#failures.get(keyOf(runId, name));

  /** Lets what failed with these runs be tried again. */
  forgetFailures(runIds: ReadonlySet<string>): void {
    for (const key of this.#failures.keys()) if (runIds.has(key.slice(0, key.indexOf('/')))) this.#failures.delete(key);
  }

  /** Ends what is under way with one of these runs; nothing of it counts. */
  cancel(runIds?: ReadonlySet<string>): void {
    const working = this.#working;
    if (working === undefined) return;
    if (runIds !== undefined && !runIds.has(working.key.slice(0, working.key.indexOf('/')))) return;
    working.isCancelled = true;
    working.engine?.kill();
  }

  /**
   * Predicts and stores it; a failure is kept as its message.
   * @returns whether it was done
   */
  async predict({ name, of }: PredictionState): Promise<boolean> {
    if (of === undefined) throw new Error('there is nothing to predict with');
    const { db, home, launch } = this.#options;
    const { runId } = of.run;
    const working: Work = { key: keyOf(runId, name), isCancelled: false };
    this.#working = working;
    const launchKept: EngineLauncher = (logFile) => {
      working.engine = launch(logFile);
      return working.engine;
    };
    const files = predictionFiles(home, runId, name);
    try {
      beginPrediction(files);
      const request: PredictRequest = {
        config: getRun(db, runId).config,
        dataDirectory: dataDirectory(home),
        checkpointFile: of.checkpoint.file,
        split: name === 'validation' ? 'validation' : 'test',
        outFile: files.lines,
        ...(name === 'test' ? {} : { detailsFile: files.details }),
        ...(name === 'validation' || name === 'test' ? {} : { task: name }),
      };
      const { lines, scores } = await predictInEngine(launchKept, request);
      if (working.isCancelled) return false;
      await finishPrediction(files, of.checkpoint, { lines, scores });
      return true;
    } catch (error) {
      if (!working.isCancelled) this.#failures.set(working.key, toAppError(error).message);
      return false;
    } finally {
      this.#working = undefined;
    }
  }
}

function keyOf(runId: string, name: PredictionName): string {
  return `${runId}/${name}`;
}
