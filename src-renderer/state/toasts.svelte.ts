import { toAppError } from '../../src-shared/app-error.ts';

export interface ToastAction {
  readonly label: string;
  readonly run: () => void | Promise<void>;
}

export interface Toast {
  readonly id: number;
  readonly kind: 'plain' | 'good' | 'bad';
  readonly text: string;
  readonly action: ToastAction | undefined;
}

/** Long enough to read and to reach for "Undo"; errors stay until they are dismissed. */
const SHOWN_MS = 10_000;
const MOST = 4;

/** Short messages at the edge of the window, newest last; what can be undone offers it. */
export class Toasts {
  items = $state.raw<readonly Toast[]>([]);
  #nextId = 1;
  #timers = new Map<number, ReturnType<typeof setTimeout>>();

  /** Returns the message's id, to take it back by. */
  show(text: string, { kind = 'plain', action }: { kind?: Toast['kind']; action?: ToastAction } = {}): number {
    const toast = { id: this.#nextId++, kind, text, action };
    this.items = [...this.items, toast].slice(-MOST);
    if (kind !== 'bad') this.#startTimer(toast.id);
    return toast.id;
  }

  /** Says what failed. */
  fail(error: unknown): void {
    this.show(toAppError(error).message, { kind: 'bad' });
  }

  dismiss(id: number): void {
    this.hold(id);
    this.items = this.items.filter((toast) => toast.id !== id);
  }

  /** Runs the toast's action once; its failure is a toast of its own. */
  async act(id: number): Promise<void> {
    const action = this.items.find((toast) => toast.id === id)?.action;
    this.dismiss(id);
    try {
      await action?.run();
    } catch (error) {
      this.fail(error);
    }
  }

  /** Undoes the newest thing that can be undone; false where there is none. */
  undo(): boolean {
    const last = this.items.findLast(({ action }) => action?.label === 'Undo');
    if (last !== undefined) void this.act(last.id);
    return last !== undefined;
  }

  /** Keeps it while somebody points at it or has the focus in it. */
  hold(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }

  release(id: number): void {
    const toast = this.items.find((one) => one.id === id);
    if (toast !== undefined && toast.kind !== 'bad') this.#startTimer(id);
  }

  #startTimer(id: number): void {
    this.hold(id);
    this.#timers.set(
      id,
      setTimeout(() => this.dismiss(id), SHOWN_MS),
    );
  }
}
