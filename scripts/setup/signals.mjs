// @ts-check
/** Signals as npm and terminals deliver them, made plain for the app: one per wish of the person. */

/** A Ctrl-C may come twice: from the terminal and from the npm above us. Two within this time are one. */
export const SAME_SIGNAL_MS = 400;

const PARENT_CHECK_MS = 1000;

/** @typedef {'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGQUIT'} EndSignal */
/** @type {readonly EndSignal[]} */
export const END_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];

/**
 * Tells a signal from its echo.
 * @returns {(signal: string) => boolean} whether this one repeats the last of its kind
 */
export function echoDetector() {
  /** @type {Map<string, number>} */
  const lastAtMs = new Map();
  return (signal) => {
    const nowMs = performance.now();
    const isEcho = nowMs - (lastAtMs.get(signal) ?? -Infinity) <= SAME_SIGNAL_MS;
    lastAtMs.set(signal, nowMs);
    return isEcho;
  };
}

/** Handlers that this process adds from now on see no echo. Their second signal means "end at once". */
export function ignoreEchoes() {
  const emit = process.emit;
  const isEcho = echoDetector();
  const isEndSignal = (/** @type {unknown} */ name) => END_SIGNALS.some((signal) => signal === name);
  // Node delivers a signal by the `emit` that stands here when its first handler is added.
  process.emit = /** @type {typeof process.emit} */ (
    function (/** @type {any} */ name, /** @type {any[]} */ ...args) {
      if (isEndSignal(name) && isEcho(name)) return true;
      return Reflect.apply(emit, process, [name, ...args]);
    }
  );
}

/** A killed npm leaves what it started behind; as SIGTERM, its end reaches us all the same. */
export function endWithNpm() {
  if (process.env.npm_lifecycle_event === undefined || process.platform === 'win32') return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, PARENT_CHECK_MS);
  timer.unref();
}
