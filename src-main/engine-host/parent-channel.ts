/** The engine's end of the wire to the process that owns it. */
export interface ParentChannel {
  /** Resolves when the message has left this process. */
  send(message: unknown): Promise<void>;
  onMessage(listener: (message: unknown) => void): void;
  /** The owner is gone. */
  onClose(listener: () => void): void;
}

/** What Electron gives a utility process; Node's types do not know it. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
  on(event: 'close', listener: () => void): void;
}

/** Electron's utility process or `child_process.fork`; undefined where this process was started by hand. */
export function openParentChannel(): ParentChannel | undefined {
  const port = parentPort();
  if (port !== undefined) return overParentPort(port);
  return process.send === undefined ? undefined : overFork();
}

function parentPort(): ParentPort | undefined {
  const port: unknown = Reflect.get(process, 'parentPort');
  return port === undefined || port === null ? undefined : (port as ParentPort);
}

function overParentPort(port: ParentPort): ParentChannel {
  return {
    send(message) {
      port.postMessage(message);
      return new Promise((resolve) => setImmediate(resolve));
    },
    onMessage: (listener) => port.on('message', (event) => listener(event.data)),
    onClose: (listener) => port.on('close', listener),
  };
}

function overFork(): ParentChannel {
  return {
    send: (message) =>
      new Promise((resolve) => {
        // An error here means the owner is gone, which `onClose` tells.
        process.send?.(message, undefined, undefined, () => resolve());
      }),
    onMessage: (listener) => process.on('message', listener),
    onClose: (listener) => process.on('disconnect', listener),
  };
}
