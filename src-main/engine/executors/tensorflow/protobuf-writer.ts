/**
 * Writes the protocol buffer wire format: enough for TensorFlow's graph messages.
 * Fields with their default value are left out, as the format asks.
 */
export class ProtobufWriter {
  // Out of Node's pool: a graph is tens of thousands of small messages.
  #bytes: Uint8Array = Buffer.allocUnsafe(64);
  #length = 0;

  /** int32, int64, uint64, bool and enum fields; negative numbers as 64-bit two's complement. */
  varint(field: number, value: number | bigint | boolean): this {
    return Number(value) === 0 ? this : this.oneofVarint(field, value);
  }

  /** The same for a member of a oneof, whose default value is written too: it says which member is meant. */
  oneofVarint(field: number, value: number | bigint | boolean): this {
    this.#tag(field, 0);
    this.#varint(value);
    return this;
  }

  string(field: number, value: string): this {
    const start = this.#length;
    this.#tag(field, 2);
    this.#varint(value.length);
    this.#reserve(value.length);
    for (let i = 0; i < value.length; i++) {
      const code = value.charCodeAt(i);
      if (code > 127) {
        // Not as many bytes as letters: once more.
        this.#length = start;
        return this.bytes(field, Buffer.from(value, 'utf8'));
      }
      this.#bytes[this.#length++] = code;
    }
    return this;
  }

  bytes(field: number, value: Uint8Array): this {
    this.#tag(field, 2);
    this.#varint(value.length);
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
    for (const value of values) inner.#varint(value);
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
    this.#varint(field * 8 + wireType);
  }

  #varint(value: number | bigint | boolean): void {
    this.#reserve(10);
    let rest = Number(value);
    if (rest >= 0 && rest < 2 ** 31) {
      for (; rest > 127; rest >>>= 7) this.#bytes[this.#length++] = (rest & 127) | 128;
      this.#bytes[this.#length++] = rest;
      return;
    }
    let long = BigInt.asUintN(64, BigInt(value));
    for (; long > 127n; long >>= 7n) this.#bytes[this.#length++] = Number(long & 127n) | 128;
    this.#bytes[this.#length++] = Number(long);
  }

  #append(data: Uint8Array): void {
    this.#reserve(data.length);
    this.#bytes.set(data, this.#length);
    this.#length += data.length;
  }

  /** Room for `more` bytes. */
  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}
