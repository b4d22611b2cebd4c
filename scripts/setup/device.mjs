// @ts-check
/** What the person wants to compute on: a flag of `npm start`, else METALMO_DEVICE, else the best there is. */

/** @typedef {'auto' | 'cuda' | 'cpu' | 'webgpu'} Device */
/** @type {readonly Device[]} */
export const DEVICES = ['auto', 'cuda', 'cpu', 'webgpu'];

/**
 * Takes `--cpu`, `--cuda` and `--webgpu` out of the arguments.
 * @param {readonly string[]} args
 * @param {string | undefined} fromEnvironment METALMO_DEVICE
 * @returns {{ device: Device, rest: string[] } | { wrong: string }}
 */
export function chooseDevice(args, fromEnvironment) {
  const flagged = DEVICES.filter((device) => device !== 'auto' && args.includes(`--${device}`));
  if (flagged.length > 1) {
    return { wrong: `${flagged.map((device) => `--${device}`).join(' and ')} exclude each other; give one of them` };
  }
  const rest = args.filter((arg) => !flagged.some((device) => arg === `--${device}`));
  const named = fromEnvironment || 'auto';
  const device = flagged[0] ?? DEVICES.find((known) => known === named);
  if (device === undefined) {
    return { wrong: `METALMO_DEVICE is "${named}"; it may be ${DEVICES.join(', ')} (or not set, which means auto)` };
  }
  return { device, rest };
}
