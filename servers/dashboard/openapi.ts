import { compareSchemas } from "./compare/shapes.ts";
import { fileSchemas } from "./files/shapes.ts";
import { schemas } from "./mail/schemas.ts";
import type { Answer, Route } from "./route.ts";
import type { Services } from "./services.ts";

/** The routes as an OpenAPI 3.1 description. */
export function openApi(routes: readonly Route[], { settings, version }: Services): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Portside",
      version,
      description:
        "The mail server's inbox over REST, with the paths and shapes of Mailpit v1 and what tests need beside, the file server's files, and one message over every transport.",
    },
    servers: [{ url: settings.webroot }],
    paths,
    components: { schemas: { ...schemas, ...fileSchemas, ...compareSchemas } },
  };
}

function operation(route: Route): Record<string, unknown> {
  const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
    ...(name === "ID" ? { description: "The id of a mail, or `latest`" } : {}),
  }));
  const inQuery = Object.entries(route.query ?? {}).map(([name, schema]) => ({ name, in: "query", schema }));
  return {
    operationId: operationId(route),
    summary: route.summary,
    parameters: [...inPath, ...inQuery],
    ...requestBody(route),
    responses: Object.fromEntries(
      Object.entries(route.answers).map(([status, answer]) => [
        status,
        { description: answer.description, content: { [typeOf(answer)]: { schema: schemaOf(answer) } } },
      ]),
    ),
  };
}

function requestBody({ body, bodyType }: Route): Record<string, unknown> {
  if (bodyType) return { requestBody: { content: { [bodyType]: {} } } };
  return body ? { requestBody: { content: { "application/json": { schema: body } } } } : {};
}

const typeOf = ({ type, schema }: Answer): string => type ?? (schema ? "application/json" : "text/plain");

const schemaOf = ({ schema }: Answer) => schema ?? { type: "string" };

/** `get_message_ID_raw`: method and path, which together are unique. */
const operationId = ({ method, path }: Route): string =>
  `${method.toLowerCase()}${path.replace("/api/v1", "").replace(/[^\w]+/g, "_")}`.replace(/_$/, "");
