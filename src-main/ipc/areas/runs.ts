import type { RUN_REQUESTS } from '../../../src-shared/ipc/contract/runs.ts';
import type { HandlersOf } from '../handler.ts';
import { killRun, pauseRun, resumeRun, stopRun } from '../handlers/control-run.ts';
import { editRuns } from '../handlers/edit-runs.ts';
import { groupTable, listColumns, queryTable } from '../handlers/run-table.ts';
import { readRun, readSparklines, readSummaries } from '../handlers/runs-read.ts';
import { startRun } from '../handlers/start-run.ts';
import { measureDiskUse, purgeRuns, restoreRuns, trashRuns } from '../handlers/trash.ts';
import type { Host } from '../host.ts';

export function runHandlers(host: Host): HandlersOf<typeof RUN_REQUESTS> {
  return {
    'runs.query': queryTable(host),
    'runs.group': groupTable(host),
    'runs.columns': listColumns(host),
    'runs.summaries': readSummaries(host),
    'runs.sparklines': readSparklines(host),
    'runs.get': readRun(host),
    'runs.start': startRun(host),
    'runs.stop': stopRun(host),
    'runs.kill': killRun(host),
    'runs.pause': pauseRun(host),
    'runs.resume': resumeRun(host),
    'runs.edit': editRuns(host),
    'runs.trash': trashRuns(host),
    'runs.restore': restoreRuns(host),
    'runs.purge': purgeRuns(host),
    'runs.diskUse': measureDiskUse(host),
  };
}
