/**
 * Writes the protocol buffer wire format: enough for TensorFlow's graph messages.
 * Fields with their default value are left out, as the format asks.
 */
export class ProtobufWriter {
  #bytes = new Uint8Array(256);
  #length = 0;
  static readonly #text = new TextEncoder();

  /** int32, int64, uint64, bool and enum fields; negative numbers as 64-bit two's complement. */
  varint(field: number, value: number | bigint | boolean): this {
    return Number(value) === 0 ? this : this.oneofVarint(field, value);
  }

  /** The same for a member of a oneof, whose default value is written too: it says which member is meant. */
  oneofVarint(field: number, value: number | bigint | boolean): this {
    this.#tag(field, 0);
    this.#varint(BigInt(value));
    return this;
  }

  string(field: number, value: string): this {
    return this.bytes(field, ProtobufWriter.#text.encode(value));
  }

  bytes(field: number, value: Uint8Array): this {
    this.#tag(field, 2);
    this.#varint(BigInt(value.length));
    this.#append(value);
    return this;
  }

  message(field: number, message: ProtobufWriter): this {
    return this.bytes(field, message.finish());
  }

  /** A repeated number field in packed form. */
  packed(field: number, values: readonly number[]): this {
    if (values.length === 0) return this;
    const inner = new ProtobufWriter();
    for (const value of values) inner.#varint(BigInt(value));
    return this.bytes(field, inner.finish());
  }

  float(field: number, value: number): this {
    this.#tag(field, 5);
    this.#append(new Uint8Array(Float32Array.of(value).buffer));
    return this;
  }

  /** The bytes so far (a view: write no more afterwards). */
  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #tag(field: number, wireType: number): void {
    this.#varint(BigInt(field * 8 + wireType));
  }

  #varint(value: bigint): void {
    let rest = BigInt.asUintN(64, value);
    const out: number[] = [];
    do {
      const low = Number(rest & 127n);
      rest >>= 7n;
      out.push(rest === 0n ? low : low | 128);
    } while (rest !== 0n);
    this.#append(out);
  }

  #append(data: ArrayLike<number>): void {
    const needed = this.#length + data.length;
    if (needed > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
      grown.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = grown;
    }
    this.#bytes.set(data, this.#length);
    this.#length = needed;
  }
}
