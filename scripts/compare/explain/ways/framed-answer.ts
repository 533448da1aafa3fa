import { frameReader } from "../../echo/bare/length-frames.ts";

/** The first message of a stream of length frames. */
export async function framedAnswer(
  pieces: AsyncIterable<Buffer>,
  heard: (piece: Buffer) => void = () => {},
): Promise<string> {
  let answer: string | undefined;
  const read = frameReader((message) => (answer = message.toString()));
  for await (const piece of pieces) {
    heard(piece);
    read(piece);
    if (answer !== undefined) return answer;
  }
  throw new Error("the server ended without an answer");
}
