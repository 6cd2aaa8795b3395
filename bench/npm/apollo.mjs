// @apollo/server with @apollo/gateway over one supergraph: `node apollo.mjs SUPERGRAPH PORT`.
import { readFileSync } from "node:fs";
import { ApolloGateway } from "@apollo/gateway";
import { ApolloServer } from "@apollo/server";
import { startStandaloneServer } from "@apollo/server/standalone";

const [supergraph, port] = process.argv.slice(2);
const gateway = new ApolloGateway({ supergraphSdl: readFileSync(supergraph, "utf8") });
await startStandaloneServer(new ApolloServer({ gateway }), { listen: { host: "127.0.0.1", port: Number(port) } });
