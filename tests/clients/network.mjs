// Routers by name, and `https://api.example.com/graphql`, as docs/clients.md has it: the one that is met, asked from a
// page of another origin, so that only what the browser would let pass does. Imported before any client, as some keep
// the `fetch` they find. What is sent and answered is kept.
import { cpSync, readFileSync, writeFileSync } from 'node:fs';

export const routers = JSON.parse(process.env.ROUTERS);
export const tokens = JSON.parse(process.env.TOKENS);
export const exchanges = [];

const ADDRESS = 'https://api.example.com/graphql';
const ORIGIN = 'https://app.example.com';
const SAFE_FOR_SCRIPTS = ['cache-control', 'content-language', 'content-length', 'content-type', 'expires', 'pragma'];
const frontends = process.env.FRONTENDS;
const send = globalThis.fetch;
let met;
let token;
let loads = 0;

/** Have the address answered by a router, with the token of a principal; forget what was sent before. */
export function meet(name, principal = 'ada') {
  met = routers[name];
  token = tokens[principal];
  exchanges.length = 0;
}

globalThis.localStorage = { getItem: () => token };
globalThis.fetch = async (input, init = {}) => {
  if (!String(input).startsWith(ADDRESS)) {
    return send(input, init);
  }
  const url = new URL(String(input).replace(ADDRESS, met));
  const method = init.method ?? 'GET';
  const headers = new Headers(init.headers);
  await askFirst(url, method, headers);
  headers.set('origin', ORIGIN);
  const response = asShown(await send(url, { ...init, headers }));
  const sent = init.body ? JSON.parse(init.body) : Object.fromEntries(url.searchParams);
  const extensions = typeof sent.extensions === 'string' ? JSON.parse(sent.extensions) : sent.extensions;
  const answer = await response.clone().json();
  exchanges.push({ method, sent, extensions, answer, status: response.status });
  return response;
};

async function askFirst(url, method, headers) {
  const asked = {
    origin: ORIGIN,
    'access-control-request-method': method,
    'access-control-request-headers': [...headers.keys()].sort().join(','),
  };
  const response = await send(url, { method: 'OPTIONS', headers: asked });
  if (!response.ok || response.headers.get('access-control-allow-origin') !== ORIGIN) {
    throw new TypeError(`No browser sends this ${method}: ${await response.text()}`);
  }
}

/** Take away the headers that scripts may not read. */
function asShown({ body, status, headers }) {
  if (headers.get('access-control-allow-origin') !== ORIGIN) {
    throw new TypeError('No browser shows this answer.');
  }
  const exposed = headers.get('access-control-expose-headers')?.split(', ') ?? [];
  const shown = [...headers].filter(([name]) => SAFE_FOR_SCRIPTS.includes(name) || exposed.includes(name));
  return new Response(body, { status, headers: shown });
}

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
