export const maxOffset = 2 ** 32 - 1;

export const complaint = "bit offset is not an integer or out of range";

export function bitAt(text: string, offset: number): number {
  const byte = text.charCodeAt(offset >> 3) || 0;
  return (byte >> (7 - (offset & 7))) & 1;
}
