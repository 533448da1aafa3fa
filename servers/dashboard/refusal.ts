/** A request that is answered with a status and one sentence of plain text. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: 400 | 401 | 403 | 404 | 409 | 413 | 416 | 426 | 500 | 501 | 503 | 507;

  constructor(status: Refusal["status"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** What Mailpit says for everything that is not there. */
export const notFound = (): Refusal => new Refusal(404, "404 page not found");

/** Await a mailbox's answer; a query that does not parse becomes a 400. */
export async function asked<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof TypeError) throw new Refusal(400, error.message, { cause: error });
    throw error;
  }
}
