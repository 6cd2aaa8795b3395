// Hive Gateway; BENCH_MODE says what it shares: nothing, requests to subgraphs (its default), clients' requests too.
import { defineConfig } from "@graphql-hive/gateway";

const mode = process.env.BENCH_MODE;

export const gatewayConfig = defineConfig({
  inboundInflightRequestDeduplication: mode === "request",
  transportEntries: { "*.http": { options: { deduplicateInflightRequests: mode !== "none" } } },
});
