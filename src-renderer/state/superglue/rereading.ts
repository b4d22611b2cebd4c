/**
 * Reads something again whenever that is asked for, one reading at a time: what is asked for meanwhile is one more reading
 * afterwards. So frequent changes neither pile up nor make every answer void before it comes.
 */
export class Rereading {
  readonly #read: () => Promise<void>;
  #isReading = false;
  #again = false;

  /** @param read never rejects */
  constructor(read: () => Promise<void>) {
    this.#read = read;
  }

  ask(): void {
    this.#again = true;
    if (!this.#isReading) void this.#work();
  }

  async #work(): Promise<void> {
    this.#isReading = true;
    while (this.#again) {
      this.#again = false;
      await this.#read();
    }
    this.#isReading = false;
  }
}
