// Answers operations with the engine of Hive Gateway. Each line of standard input is a federation:
// `{id, supergraph, runs: [{query, variables, url}]}` in, `{id, answers: [{data, errors}]}` out.
// The subgraph `name` of a run, whose URL in the supergraph is `http://name`, is asked at `url/name`.
import { createInterface } from "node:readline";
import { getStitchedSchemaFromSupergraphSdl } from "@graphql-tools/federation";
import { execute, parse, print } from "graphql";

function subgraph(config) {
  const name = config.endpoint.replace("http://", "");
  config.executor = async ({ document, variables, context }) => {
    const response = await fetch(`${context.url}/${name}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query: print(document), variables }),
    });
    return response.json();
  };
}

async function answer(schema, { query, variables, url }) {
  const { data, errors } = await execute({
    schema, document: parse(query), variableValues: variables, contextValue: { url },
  });
  return { data: data ?? null, errors: (errors ?? []).map(({ message, path }) => ({ message, path })) };
}

async function run({ id, supergraph, runs }) {
  const schema = getStitchedSchemaFromSupergraphSdl({ supergraphSdl: supergraph, onSubschemaConfig: subgraph });
  const answers = [];
  for (const one of runs) {
    answers.push(await answer(schema, one).catch((error) => ({ data: null, errors: [{ message: String(error) }] })));
  }
  return { id, answers };
}

for await (const line of createInterface({ input: process.stdin })) {
  const federation = JSON.parse(line);
  const result = await run(federation).catch((error) => ({ id: federation.id, refused: String(error) }));
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
