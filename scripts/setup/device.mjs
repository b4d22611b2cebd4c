/** What the person wants to compute on: a flag of `npm start`, else METALMO_DEVICE, else the best there is. */

export const DEVICES = ['auto', 'cuda', 'cpu', 'webgpu'];

/**
 * Takes `--cpu`, `--cuda` and `--webgpu` out of the arguments.
 * @param {readonly string[]} args
 * @param {string | undefined} fromEnvironment METALMO_DEVICE
 * @returns {{ device: string, rest: string[] } | { wrong: string }}
 */
export function chooseDevice(args, fromEnvironment) {
  const flags = args.filter(
    (arg) => arg !== '--auto' && DEVICES.includes(arg.replace(/^--/, '')) && arg.startsWith('--'),
  );
  const rest = args.filter((arg) => !flags.includes(arg));
  if (new Set(flags).size > 1) return { wrong: `${flags.join(' and ')} exclude each other; give one of them` };
  const device = flags[0]?.slice(2) ?? (fromEnvironment || 'auto');
  if (!DEVICES.includes(device)) {
    return { wrong: `METALMO_DEVICE is "${device}"; it may be ${DEVICES.join(', ')} (or not set, which means auto)` };
  }
  return { device, rest };
}
