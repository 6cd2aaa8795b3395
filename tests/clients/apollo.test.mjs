// Apollo Client 4.
import { routers, tokens } from './network.mjs';
import assert from 'node:assert/strict';
import test from 'node:test';
import { ApolloClient, CombinedGraphQLErrors, HttpLink, InMemoryCache, gql } from '@apollo/client';
import { BatchHttpLink } from '@apollo/client/link/batch-http';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { sha256 } from 'crypto-hash';

const uri = routers.open;
const NAMES = gql`query Names { people { id name } }`;
const ONE = gql`query One($id: ID!) { person(id: $id) { id name } }`;
const CLIENT = gql`query Client { headers { clientName clientVersion } }`;
const PARTLY = gql`query Partly { people { id name } fails }`;
const WRITE = gql`mutation Write($text: String!) { write(text: $text) }`;

const clientOf = (link, options = {}) => new ApolloClient({ cache: new InMemoryCache(), link, ...options });
const counting = () => {
  const calls = [];
  const counted = (url, init) => {
    calls.push({ url: String(url), ...init });
    return fetch(url, init);
  };
  return [calls, counted];
};

test('a query is answered, and its entities are in the cache', async () => {
  const client = clientOf(new HttpLink({ uri }));
  const { data } = await client.query({ query: NAMES });
  assert.deepEqual(data.people.map((one) => one.name), ['Ada', 'Alan']);
  assert.equal(client.cache.extract()['Person:1'].name, 'Ada');
});

test('variables are sent', async () => {
  const { data } = await clientOf(new HttpLink({ uri })).query({ query: ONE, variables: { id: '2' } });
  assert.deepEqual(data.person, { __typename: 'Person', id: '2', name: 'Alan' });
});

test('a mutation runs', async () => {
  const client = clientOf(new HttpLink({ uri }));
  const first = await client.mutate({ mutation: WRITE, variables: { text: 'a' } });
  const second = await client.mutate({ mutation: WRITE, variables: { text: 'b' } });
  assert.equal(second.data.write, first.data.write + 1);
});

test('errorPolicy none throws the errors', async () => {
  await assert.rejects(clientOf(new HttpLink({ uri })).query({ query: PARTLY }), (error) => {
    assert.ok(CombinedGraphQLErrors.is(error));
    assert.equal(error.errors[0].extensions.code, 'TEAPOT');
    assert.deepEqual(error.errors[0].path, ['fails']);
    return true;
  });
});

test('errorPolicy all gives data and errors', async () => {
  const { data, error } = await clientOf(new HttpLink({ uri })).query({ query: PARTLY, errorPolicy: 'all' });
  assert.equal(data.people.length, 2);
  assert.equal(data.fails, null);
  assert.equal(error.errors[0].extensions.service, 'notes');
});

test('errorPolicy ignore gives data alone', async () => {
  const { data, error } = await clientOf(new HttpLink({ uri })).query({ query: PARTLY, errorPolicy: 'ignore' });
  assert.equal(data.people.length, 2);
  assert.equal(error, undefined);
});

test('an operation that is not valid is an error of GraphQL, not of the network', async () => {
  const query = gql`query Wrong { nothing }`;
  await assert.rejects(clientOf(new HttpLink({ uri })).query({ query }), (error) => {
    assert.ok(CombinedGraphQLErrors.is(error), String(error));
    assert.equal(error.errors[0].extensions.code, 'GRAPHQL_VALIDATION_FAILED');
    return true;
  });
});

test('queries go by GET, mutations by POST', async () => {
  const [calls, counted] = counting();
  const headers = { 'apollo-require-preflight': 'true' };
  const client = clientOf(new HttpLink({ uri, headers, fetch: counted, useGETForQueries: true }));
  const { data } = await client.query({ query: ONE, variables: { id: '1' } });
  assert.equal(data.person.name, 'Ada');
  await client.mutate({ mutation: WRITE, variables: { text: 'c' } });
  assert.deepEqual(calls.map((one) => one.method), ['GET', 'POST']);
});

test('a batch is one request', async () => {
  const [calls, counted] = counting();
  const client = clientOf(new BatchHttpLink({ uri, fetch: counted, batchInterval: 20 }));
  const [names, one, partly] = await Promise.all([
    client.query({ query: NAMES }),
    client.query({ query: ONE, variables: { id: '2' } }),
    client.query({ query: PARTLY, errorPolicy: 'all' }),
  ]);
  assert.equal(calls.length, 1);
  assert.equal(names.data.people.length, 2);
  assert.equal(one.data.person.name, 'Alan');
  assert.equal(partly.error.errors[0].extensions.code, 'TEAPOT');
});

test('a batch of hashes is answered one by one', async () => {
  const [calls, counted] = counting();
  const batch = () => new BatchHttpLink({ uri, fetch: counted, batchInterval: 20 });
  const client = clientOf(new PersistedQueryLink({ sha256 }).concat(batch()));
  const known = gql`query Known { people { id } }`;
  await client.query({ query: known });
  calls.length = 0;
  const fresh = clientOf(new PersistedQueryLink({ sha256 }).concat(batch()));
  const unknown = gql`query Unknown { people { name id } }`;
  const [one, other] = await Promise.all([fresh.query({ query: known }), fresh.query({ query: unknown })]);
  assert.equal(one.data.people.length, 2);
  assert.equal(other.data.people[0].name, 'Ada');
  const texts = calls.map(({ body }) => JSON.parse(body).map(({ query }) => query !== undefined));
  assert.deepEqual(texts, [[false, false], [true]]);
});

test('the client says who it is', async () => {
  const named = clientOf(new HttpLink({ uri }), { clientAwareness: { name: 'web', version: '1.2' } });
  const { data } = await named.query({ query: CLIENT });
  assert.equal(data.headers.clientName, 'web');
  assert.equal(data.headers.clientVersion, '1.2');
  const unnamed = await clientOf(new HttpLink({ uri })).query({ query: CLIENT });
  assert.equal(unnamed.data.headers.clientName, '@apollo/client');
});

test('without a token, and past a rate, the error says so, but under errorPolicy ignore', async () => {
  const ask = async (headers, errorPolicy) => {
    const client = clientOf(new HttpLink({ uri: routers.guarded, headers }));
    const { data, error } = await client.query({ query: NAMES, errorPolicy }).catch((thrown) => ({ error: thrown }));
    assert.ok(!error || CombinedGraphQLErrors.is(error), String(error));
    return data ? data.people.length : error?.errors[0].extensions.code;
  };
  const each = async (headers) => [
    await ask(headers, 'none'),
    await ask(headers, 'all'),
    await ask(headers, 'ignore'),
  ];
  assert.deepEqual(await each({}), ['UNAUTHENTICATED', 'UNAUTHENTICATED', undefined]);
  const hasty = { authorization: `Bearer ${tokens.apollo}` };
  assert.deepEqual([await ask(hasty), await ask(hasty)], [2, 2]);
  assert.deepEqual(await each(hasty), ['REQUEST_RATE_LIMITED', 'REQUEST_RATE_LIMITED', undefined]);
});
