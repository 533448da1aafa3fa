/** Fields with values, in the order in which they came. */
export class Hash {
  readonly type = "hash";
  readonly fields = new Map<string, string>();
  #isLarge = false;

  get size(): number {
    return this.fields.size;
  }

  /** What Redis would keep it as: compact up to 128 short fields; what has been large stays so. */
  get encoding(): string {
    return this.#isLarge ? "hashtable" : "listpack";
  }

  copy(): Hash {
    const copy = new Hash();
    for (const [field, value] of this.fields) copy.fields.set(field, value);
    copy.#isLarge = this.#isLarge;
    return copy;
  }

  put(field: string, value: string): void {
    this.fields.set(field, value);
    if (this.fields.size > 128 || field.length > 64 || value.length > 64) this.#isLarge = true;
  }
}
