// Apollo Client 4 with automatic persisted queries and with trusted documents, as docs/clients.md has it.
import { exchanges, globalId, meet, open, read, routers, told, tokens } from './network.mjs';
import assert from 'node:assert/strict';
import test from 'node:test';
import { ApolloClient, CombinedGraphQLErrors, HttpLink, InMemoryCache, gql } from '@apollo/client';

const { SESSIONS, CREATE_SESSION } = await open('apollo', 'src/sessions.mjs');
const SOME = { query: SESSIONS, variables: { project: globalId('Project', 1), first: 2 } };
const titles = ({ data }) => data.sessions.edges.map(({ node }) => node.title);
const creation = (title) => ({
  mutation: CREATE_SESSION,
  variables: { input: { projectId: globalId('Project', 1), idempotencyKey: title, title } },
});
const trusts = (text) => text.replace('./apq.mjs', './trusted.mjs');
const trusted = async () => (await open('apollo', 'client.mjs', trusts)).client;
const headers = { authorization: `Bearer ${tokens.ada}` };
const plain = (name, more = {}) =>
  new ApolloClient({
    cache: new InMemoryCache(),
    link: new HttpLink({ uri: routers[name], headers: { ...headers, ...more } }),
  });
const refused = (asked, code) =>
  assert.rejects(asked, (error) => {
    assert.ok(CombinedGraphQLErrors.is(error), String(error));
    assert.equal(error.errors[0].extensions.code, code);
    return true;
  });

test('a text that the router does not know is sent once, its hash ever after', async () => {
  meet('development');
  const first = (await open('apollo', 'client.mjs')).client;
  assert.deepEqual(titles(await first.query(SOME)), ['First', 'Second']);
  assert.deepEqual(told(), [
    ['GET', false, 'PERSISTED_QUERY_NOT_FOUND'],
    ['POST', true, undefined],
  ]);
  meet('development');
  const second = (await open('apollo', 'client.mjs')).client;
  assert.deepEqual(titles(await second.query(SOME)), ['First', 'Second']);
  assert.deepEqual(told(), [['GET', false, undefined]]);
});

test('the hash of a mutation goes by POST', async () => {
  meet('development');
  const { client } = await open('apollo', 'client.mjs');
  await client.mutate(creation('hashed'));
  await client.mutate(creation('again'));
  assert.deepEqual(told(), [
    ['POST', false, 'PERSISTED_QUERY_NOT_FOUND'],
    ['POST', true, undefined],
    ['POST', false, undefined],
  ]);
});

test('a client stops to hash where no texts are learnt', async () => {
  meet('unlearning');
  const { client } = await open('apollo', 'client.mjs');
  await client.query({ query: gql`query Names { people { name } }` });
  await client.query({ query: gql`query Ids { people { id } }` });
  assert.deepEqual(told(), [
    ['GET', false, 'PERSISTED_QUERY_NOT_SUPPORTED'],
    ['POST', true, undefined],
    ['POST', true, undefined],
  ]);
  assert.deepEqual(exchanges.map(({ extensions }) => 'persistedQuery' in (extensions ?? {})), [true, false, false]);
});

test('documents of the manifest are asked by their ids alone', async () => {
  meet('trusted');
  const client = await trusted();
  assert.deepEqual(titles(await client.query(SOME)), ['First', 'Second']);
  const { data } = await client.mutate(creation('trusted'));
  assert.equal(data.createSession.session.title, 'trusted');
  assert.deepEqual(told(), [
    ['GET', false, undefined],
    ['POST', false, undefined],
  ]);
  const { operations } = JSON.parse(read('apollo/persisted-query-manifest.json'));
  const ids = Object.fromEntries(operations.map(({ name, id }) => [name, id]));
  const sent = exchanges.map(({ extensions }) => extensions.persistedQuery.sha256Hash);
  assert.deepEqual(sent, [ids.Sessions, ids.CreateSession]);
});

test('ids that the client makes itself are those of the manifest', async () => {
  meet('trusted');
  const atRuntime = (text) =>
    text
      .replace('{ sha256,', '{ ...generatePersistedQueryIdsAtRuntime({ sha256 }),')
      .concat("import { generatePersistedQueryIdsAtRuntime } from '@apollo/persisted-query-lists';");
  const { persisted } = await open('apollo', 'apq.mjs', atRuntime);
  const http = new HttpLink({
    uri: 'https://api.example.com/graphql',
    headers: { ...headers, 'apollographql-client-name': 'web' },
  });
  const client = new ApolloClient({ cache: new InMemoryCache(), link: persisted.concat(http) });
  assert.deepEqual(titles(await client.query(SOME)), ['First', 'Second']);
  assert.deepEqual(told(), [['GET', false, undefined]]);
});

test('texts are refused where an id is required, and none is learnt', async () => {
  await refused(plain('trusted').query(SOME), 'PERSISTED_QUERY_ID_REQUIRED');
  meet('trusted');
  const { client } = await open('apollo', 'client.mjs');
  await refused(client.query({ query: gql`query Strange { viewer { id } }` }), 'PERSISTED_QUERY_NOT_IN_LIST');
  assert.equal(exchanges.length, 1);
});

test('the documents of one client are not those of another', async () => {
  meet('trusted');
  const client = await trusted();
  const context = { headers: { 'apollographql-client-name': 'mobile' } };
  await refused(client.query({ ...SOME, context }), 'PERSISTED_QUERY_NOT_IN_LIST');
});

test('a safelist serves texts of the manifest to the client that they belong to, and no other', async () => {
  const web = plain('listed', { 'apollographql-client-name': 'web' });
  assert.deepEqual(titles(await web.query(SOME)), ['First', 'Second']);
  await refused(web.query({ query: gql`query Strange { viewer { id } }` }), 'QUERY_NOT_IN_SAFELIST');
  await refused(plain('listed').query(SOME), 'QUERY_NOT_IN_SAFELIST');
});

test('a safelist learns what is registered', async () => {
  meet('listed');
  const { client } = await open('apollo', 'client.mjs');
  assert.deepEqual(titles(await client.query(SOME)), ['First', 'Second']);
  await refused(client.query({ query: gql`query Strange { viewer { id } }` }), 'QUERY_NOT_IN_SAFELIST');
});
