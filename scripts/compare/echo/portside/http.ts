import { connectWeb } from "../../../../clients/web/index.ts";
import { startWeb } from "../../../../servers/web/index.ts";
import { atOnce, type Echo } from "../../echo.ts";

export const echo: Echo = {
  async serve({ host }) {
    const web = await startWeb({ host });
    web.route("POST /echo", ({ body }) => ({ body }));
    return { port: web.port, close: () => void web.close() };
  },
  async connect({ host, port }) {
    const web = await connectWeb(`http://${host}:${port}`);
    return {
      async call(message) {
        const { body } = await web.ask({ method: "POST", target: "/echo", body: message });
        return { reply: body, over: atOnce };
      },
      close: () => void web.close(),
    };
  },
};
