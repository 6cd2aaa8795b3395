// Routers by name, and `https://api.example.com/graphql`, as docs/clients.md has it: the one that is met. Imported
// before any client, as some keep the `fetch` they find. What is sent and answered is kept.
import { cpSync, readFileSync, writeFileSync } from 'node:fs';

export const routers = JSON.parse(process.env.ROUTERS);
export const tokens = JSON.parse(process.env.TOKENS);
export const exchanges = [];

const ADDRESS = 'https://api.example.com/graphql';
const frontends = process.env.FRONTENDS;
const send = globalThis.fetch;
let met;
let loads = 0;

/** Have the address answered by a router; forget what was sent before. */
export function meet(name) {
  met = routers[name];
  exchanges.length = 0;
}

globalThis.localStorage = { getItem: () => tokens.ada };
globalThis.fetch = async (input, init = {}) => {
  const url = new URL(String(input).replace(ADDRESS, met));
  const response = await send(url, init);
  const sent = init.body ? JSON.parse(init.body) : Object.fromEntries(url.searchParams);
  const extensions = typeof sent.extensions === 'string' ? JSON.parse(sent.extensions) : sent.extensions;
  const answer = await response.clone().json();
  exchanges.push({ method: init.method ?? 'GET', sent, extensions, answer, status: response.status });
  return response;
};

/** Load a module of a frontend, as a page that is opened anew does; `change` may edit its text. */
export function open(app, file, change = (text) => text) {
  const folder = `${frontends}/opened/${process.pid}-${(loads += 1)}`;
  cpSync(`${frontends}/${app}`, folder, { recursive: true });
  writeFileSync(`${folder}/${file}`, change(read(`${app}/${file}`)));
  return import(`${folder}/${file}`);
}

/** Read a file of the frontends. */
export const read = (file) => readFileSync(`${frontends}/${file}`, 'utf8');

/** Say of each exchange how it was sent, whether with a text, and the code of its error. */
export const told = () =>
  exchanges.map(({ method, sent, answer }) => [method, 'query' in sent, answer.errors?.[0].extensions.code]);

/** Name a node as the platform does. */
export const globalId = (type, number) =>
  Buffer.from(`${type}:00000000-0000-0000-0000-${String(number).padStart(12, '0')}`).toString('base64url');
