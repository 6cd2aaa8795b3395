// Composes each line of standard input with The Guild's composer: `{id, subgraphs}` in, `{id, errors, hints, supergraph, api}` out.
import { createInterface } from "node:readline";
import { composeServices } from "@theguild/federation-composition";
import { parse } from "graphql";

function compose(subgraphs) {
  const services = subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) }));
  const { errors, supergraphSdl, publicSdl } = composeServices(services);
  return errors ? failed(errors) : { errors: [], hints: [], supergraph: supergraphSdl, api: publicSdl };
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
