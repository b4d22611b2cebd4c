import { AppError, toAppError } from '../../src-shared/app-error.ts';

/**
 * Something that is read from the main process. It keeps the last value while it is read again, so a page that
 * reconnects does not flicker; a newer `load` or `clear` makes an older answer void.
 */
export class Remote<T> {
  value = $state.raw<T>();
  error = $state.raw<AppError>();
  loading = $state(false);
  #turn = 0;

  async load(read: () => Promise<T>): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    this.loading = true;
    try {
      const value = await read();
      if (turn !== this.#turn) return;
      this.value = value;
      this.error = undefined;
    } catch (error) {
      if (turn !== this.#turn) return;
      this.error = toAppError(error);
    }
    this.loading = false;
  }

  clear(): void {
    this.#turn += 1;
    this.value = undefined;
    this.error = undefined;
    this.loading = false;
  }
}
