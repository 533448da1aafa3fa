import { compared } from "../../scripts/compare/explain/face.ts";
import type { CompareFace, DashboardOptions } from "../../servers/dashboard/index.ts";
import { startFixture, type Fixture } from "./fixture.ts";

/** A dashboard with the comparison, over real sockets. */
export async function startCompareFixture(options: Partial<DashboardOptions> = {}): Promise<Fixture> {
  const compare = compared();
  const kit = await startFixture({ compare, ...options });
  return {
    ...kit,
    async [Symbol.asyncDispose]() {
      await kit[Symbol.asyncDispose]();
      await compare.close();
    },
  };
}

/** A comparison over one transport, which does what the test says. */
export const faceOf = (say: CompareFace["say"]): CompareFace => ({
  transports: async () => [{ name: "post", title: "Pigeon post", about: "Slow.", below: "Air." }],
  say,
});
