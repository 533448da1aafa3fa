/** How many are at this process. */
export class Census {
  connections = 0;
  /** Those who are registered, and who of them is invisible. */
  users = 0;
  invisible = 0;
  /** The most users that there were at once. */
  mostUsers = 0;

  registered(): void {
    this.mostUsers = Math.max(this.mostUsers, ++this.users);
  }

  left({
    isRegistered,
    isInvisible,
  }: {
    readonly isRegistered: boolean;
    readonly isInvisible: boolean;
  }): void {
    this.connections--;
    if (isRegistered) this.users--;
    if (isInvisible) this.invisible--;
  }
}
