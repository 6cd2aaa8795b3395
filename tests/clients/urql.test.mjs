// urql 6, its core.
import { exchanges, globalId, meet, open, routers, told } from './network.mjs';
import assert from 'node:assert/strict';
import test from 'node:test';
import { Client, cacheExchange, fetchExchange, gql } from '@urql/core';
import { parse } from 'graphql';

const url = routers.open;
const clientOf = (options = {}) =>
  new Client({ url, exchanges: [cacheExchange, fetchExchange], preferGetMethod: false, ...options });
const ONE = gql`query One($id: ID!) { person(id: $id) { id name } }`;
const SESSIONS = gql`query Titles($project: ID!, $first: Int!) {
  sessions(projectId: $project, first: $first) { edges { node { id title } } }
}`;
const SOME = { project: globalId('Project', 1), first: 2 };
const titles = ({ data }) => data.sessions.edges.map(({ node }) => node.title);

test('a query is answered', async () => {
  const result = await clientOf().query(ONE, { id: '1' }).toPromise();
  assert.equal(result.error, undefined);
  assert.equal(result.data.person.name, 'Ada');
});

test('a mutation runs, and what it changed is asked again', async () => {
  const client = clientOf();
  const write = gql`mutation Write($text: String!) { write(text: $text) }`;
  const first = await client.mutation(write, { text: 'u' }).toPromise();
  const second = await client.mutation(write, { text: 'v' }).toPromise();
  assert.equal(second.data.write, first.data.write + 1);
});

test('data and errors come together', async () => {
  const result = await clientOf().query(gql`{ people { name } fails }`, {}).toPromise();
  assert.equal(result.data.people.length, 2);
  assert.equal(result.error.graphQLErrors[0].extensions.code, 'TEAPOT');
  assert.equal(result.error.networkError, undefined);
});

test('an operation that is not valid is an error of GraphQL', async () => {
  const result = await clientOf().query(gql`{ nothing }`, {}).toPromise();
  assert.equal(result.error.graphQLErrors[0].extensions.code, 'GRAPHQL_VALIDATION_FAILED');
});

test('a query goes by GET with the header that tells it from a forged one', async () => {
  const methods = [];
  const options = {
    preferGetMethod: 'force',
    fetchOptions: { headers: { 'apollo-require-preflight': 'true' } },
    fetch: (input, init) => {
      methods.push(init.method);
      return fetch(input, init);
    },
  };
  const result = await clientOf(options).query(ONE, { id: '2' }).toPromise();
  assert.equal(result.data.person.name, 'Alan');
  assert.deepEqual(methods, ['GET']);
  const refused = await clientOf({ preferGetMethod: 'force' }).query(ONE, { id: '2' }).toPromise();
  assert.equal(refused.error.graphQLErrors[0]?.extensions.code, 'CSRF_ERROR');
});

test('a text that the router does not know is sent once, its hash ever after', async () => {
  meet('development');
  const first = (await open('urql', 'apq.mjs')).client;
  assert.deepEqual(titles(await first.query(SESSIONS, SOME).toPromise()), ['First', 'Second']);
  assert.deepEqual(told(), [
    ['GET', false, 'PERSISTED_QUERY_NOT_FOUND'],
    ['GET', true, undefined],
  ]);
  meet('development');
  const second = (await open('urql', 'apq.mjs')).client;
  assert.deepEqual(titles(await second.query(SESSIONS, SOME).toPromise()), ['First', 'Second']);
  assert.deepEqual(told(), [['GET', false, undefined]]);
});

test('a client stops to hash where no texts are learnt', async () => {
  meet('unlearning');
  const { client } = await open('urql', 'apq.mjs');
  await client.query(gql`query Names { people { name } }`, {}).toPromise();
  await client.query(gql`query Ids { people { id } }`, {}).toPromise();
  assert.deepEqual(told().map(([, text, code]) => [text, code]), [
    [false, 'PERSISTED_QUERY_NOT_SUPPORTED'],
    [true, undefined],
    [true, undefined],
  ]);
});

test('registered documents are asked by their ids alone', async () => {
  meet('trusted');
  const { client } = await open('urql', 'trusted.mjs');
  const { SessionsDocument, CreateSessionDocument } = await open('codegen', 'dist/gql/graphql.js');
  assert.deepEqual(titles(await client.query(SessionsDocument, SOME).toPromise()), ['First', 'Second']);
  const input = { projectId: SOME.project, idempotencyKey: 'urql', title: 'of urql' };
  const { data } = await client.mutation(CreateSessionDocument, { input }).toPromise();
  assert.equal(data.createSession.session.title, 'of urql');
  assert.ok(exchanges.every(({ sent }) => !('query' in sent)));
});

test('a document that is not registered is refused', async () => {
  meet('trusted');
  const { client } = await open('urql', 'trusted.mjs');
  const document = { ...parse('{ viewer { id } }'), __meta__: { hash: 'strange' } };
  const { error } = await client.query(document, {}).toPromise();
  assert.equal(error.graphQLErrors[0].extensions.code, 'PERSISTED_QUERY_NOT_IN_LIST');
});

test('without a token, and past a rate, the error says so', async () => {
  const ask = (client) => client.query(ONE, { id: '1' }, { requestPolicy: 'network-only' }).toPromise();
  const stranger = await ask(clientOf({ url: routers.guarded }));
  assert.equal(stranger.error.response.status, 401);
  assert.equal(stranger.error.graphQLErrors[0].extensions.code, 'UNAUTHENTICATED');
  meet('guarded', 'urql');
  const { client } = await open('urql', 'apq.mjs');
  assert.equal((await ask(client)).data.person.name, 'Ada');
  const { response, graphQLErrors } = (await ask(client)).error;
  assert.equal(response.status, 429);
  assert.equal(graphQLErrors[0].extensions.code, 'REQUEST_RATE_LIMITED');
  assert.ok(Number(response.headers.get('retry-after')) > 0);
});
