import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { doctorFrom, doctorInOwnProcess } from '../../doctor-process.ts';
import type { StudioOptions } from '../../open-studio.ts';
import { forkEngine } from '../../runs/engine-process.ts';
import { utilityEngine, utilityOutput, type UtilityFork } from './utility-engine.ts';

/**
 * What engines run in. Beside a checkout: the project's own Node, from the sources, as in the terminal and in every
 * test. In a packaged app, which has neither: Electron's utility processes, from the built engine.
 * @param appPath the app's folder or archive
 */
export function engineProcesses(appPath: string, fork: UtilityFork): Pick<StudioOptions, 'launch' | 'doctor'> {
  const node = join(appPath, 'node_modules', '.bin', 'node');
  const source = (file: string): string => join(appPath, 'src-main', 'engine-host', file);
  if (existsSync(node) && existsSync(source('main.ts'))) {
    return {
      launch: forkEngine(pathToFileURL(source('main.ts')), node),
      doctor: doctorInOwnProcess(pathToFileURL(source('diagnose-main.ts')), node),
    };
  }
  const built = (file: string): string => join(appPath, 'out', 'engine', 'src-main', 'engine-host', file);
  return {
    launch: utilityEngine(fork, built('main.js')),
    doctor: doctorFrom(() => utilityOutput(fork, built('diagnose-main.js'))),
  };
}
