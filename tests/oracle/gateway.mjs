// Answers operations with Apollo's gateway. Each line of standard input is a federation:
// `{id, supergraph, runs: [{query, variables, url}]}` in, `{id, answers: [{data, errors}]}` out.
// The subgraph `name` of a run is asked at `url/name`.
import { createInterface } from "node:readline";
import { ApolloGateway } from "@apollo/gateway";
import { getOperationAST, parse } from "graphql";

const silent = { debug() {}, info() {}, warn() {}, error() {} };

class Subgraph {
  constructor(name) {
    this.name = name;
  }

  async process({ request, context }) {
    const response = await fetch(`${context.url}/${this.name}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query: request.query, variables: request.variables }),
    });
    return response.json();
  }
}

async function answer(executor, { query, variables, url }) {
  const document = parse(query);
  const operation = getOperationAST(document);
  const operationName = operation.name?.value ?? null;
  const request = { query, variables, operationName: operationName ?? undefined };
  const { data, errors } = await executor({
    request, document, operation, operationName, queryHash: `${url} ${query}`, source: query, context: { url },
    logger: silent, metrics: {}, cache: { get() {}, set() {}, delete() {} },
    overallCachePolicy: { restrict() {}, replace() {}, policyIfCacheable() {} },
  });
  return { data: data ?? null, errors: (errors ?? []).map(({ message, path }) => ({ message, path })) };
}

async function run({ id, supergraph, runs }) {
  const gateway = new ApolloGateway({
    supergraphSdl: supergraph, buildService: ({ name }) => new Subgraph(name), logger: silent,
  });
  const { executor } = await gateway.load();
  const answers = [];
  for (const one of runs) {
    answers.push(await answer(executor, one).catch((error) => ({ data: null, errors: [{ message: String(error) }] })));
  }
  await gateway.stop();
  return { id, answers };
}

for await (const line of createInterface({ input: process.stdin })) {
  const federation = JSON.parse(line);
  const result = await run(federation).catch((error) => ({ id: federation.id, refused: String(error) }));
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
