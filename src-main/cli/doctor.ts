import { diagnoseExecutors, type ExecutorDiagnosis } from '../engine/executors/diagnose.ts';
import { machineFacts } from '../engine/executors/machine-facts.ts';
import type { Command } from './command.ts';
import { EXIT_DONE } from './exit-code.ts';

export const doctorCommand: Command = {
  name: 'doctor',
  usage: '',
  summary: 'Says which versions, executors and devices there are, and why each is or is not usable.',
  positionals: 0,
  options: {},
  async run(_args, { output, home }) {
    const machine = await machineFacts();
    const executors = await diagnoseExecutors();
    const chosen = executors.find(({ usable }) => usable)?.name ?? null;
    const gigabytes = (machine.memoryBytes / 2 ** 30).toFixed(1);
    output.result(
      { machine, home, executors },
      [
        `metalmo on Node ${machine.node}, ${machine.platform}`,
        `Processor: ${machine.processor}, ${machine.threads} threads, ${gigabytes} GiB of memory`,
        `Graphics: ${machine.gpus.length === 0 ? 'none found' : machine.gpus.join(', ')}`,
        `Home: ${home}`,
        '',
        'Executors:',
        ...executors.map(executorText),
      ].join('\n'),
    );
    if (chosen === null) output.log('No executor is usable.');
    return EXIT_DONE;
  },
};

function executorText({ name, usable, device, reason, versions, whatToDo }: ExecutorDiagnosis): string {
  const version = Object.entries(versions)
    .map(([part, text]) => `${part} ${text}`)
    .join(', ');
  const lines = [
    `  ${name}: ${usable ? 'usable' : 'not usable'}${device === '' ? '' : ` (${device})`}`,
    `    ${reason}`,
    ...(version === '' ? [] : [`    ${version}`]),
    ...(whatToDo === '' ? [] : [`    What to do: ${whatToDo}`]),
  ];
  return lines.join('\n');
}
