// Composes each line of standard input with Apollo's composer: `{id, subgraphs}` in, `{id, errors, hints, supergraph, api}` out.
import { createInterface } from "node:readline";
import { composeServices } from "@apollo/composition";
import { Supergraph } from "@apollo/federation-internals";
import { parse, printSchema } from "graphql";

function compose(subgraphs) {
  const services = subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) }));
  const { errors, hints, supergraphSdl } = composeServices(services);
  if (errors) return failed(errors);
  const api = Supergraph.build(supergraphSdl, { supportedFeatures: null }).apiSchema();
  return {
    errors: [], hints: hints.map((hint) => hint.definition.code),
    supergraph: supergraphSdl, api: printSchema(api.toGraphQLJSSchema()),
  };
}

function failed(errors) {
  const told = errors.map(({ message, extensions }) => ({ code: extensions?.code ?? "THROWN", message }));
  return { errors: told, hints: [], supergraph: null, api: null };
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, subgraphs } = JSON.parse(line);
  let result;
  try {
    result = compose(subgraphs);
  } catch (error) {
    result = failed([error]);
  }
  process.stdout.write(`${JSON.stringify({ id, ...result })}\n`);
}
