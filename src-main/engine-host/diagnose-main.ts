import { chooseExecutor } from '../engine/executors/choose.ts';
import { diagnoseExecutors } from '../engine/executors/diagnose.ts';
import { machineFacts } from '../engine/executors/machine-facts.ts';
import type { MachineReport } from '../../src-shared/ipc/machine-report.ts';

/**
 * Entry of the process that looks at this machine's executors, so that the app itself loads none of them. Prints one
 * JSON object (`MachineReport`) on standard output.
 */
const executors = await diagnoseExecutors();
const { executor, reason } = await chooseExecutor('auto');
const chosen = { name: executor.info.name, device: executor.info.device, reason };
executor.dispose();
const report: MachineReport = { machine: await machineFacts(), executors, chosen };
process.stdout.write(`${JSON.stringify(report)}\n`, () => {
  // Native threads of an executor would keep the process alive.
  process.exit(0);
});
