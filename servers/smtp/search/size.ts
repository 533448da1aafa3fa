const units: Readonly<Record<string, number>> = { "": 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/**
 * Bytes of a size as people write it: `500`, `10k`, `1.5M`, `2MB`; a k is 1024.
 * @returns undefined for anything else
 */
export function parseSize(text: string): number | undefined {
  const match = /^(\d{1,15}(?:\.\d{1,9})?)([kmg]?)b?$/i.exec(text);
  const unit = units[match?.[2]?.toLowerCase() ?? ""];
  return match && unit !== undefined ? Number(match[1]) * unit : undefined;
}
