/** What a person may ask of a running training; read by the trainer between steps. */
export class TrainControl {
  #stopRequested = false;
  #pauseRequested = false;
  #wake: (() => void) | undefined;

  get stopRequested(): boolean {
    return this.#stopRequested;
  }

  get pauseRequested(): boolean {
    return this.#pauseRequested && !this.#stopRequested;
  }

  /** Finish the step, save, end. Final. */
  stop(): void {
    this.#stopRequested = true;
    this.#wakeUp();
  }

  pause(): void {
    this.#pauseRequested = true;
  }

  continue(): void {
    this.#pauseRequested = false;
    this.#wakeUp();
  }

  /** Resolves when training may go on (or is to stop). */
  async whilePaused(): Promise<void> {
    while (this.pauseRequested) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #wakeUp(): void {
    this.#wake?.();
    this.#wake = undefined;
  }
}
