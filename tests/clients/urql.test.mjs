// urql 6, its core.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Client, cacheExchange, fetchExchange, gql } from '@urql/core';

const url = process.env.ROUTER_URL;
const clientOf = (options = {}) =>
  new Client({ url, exchanges: [cacheExchange, fetchExchange], preferGetMethod: false, ...options });
const ONE = gql`query One($id: ID!) { person(id: $id) { id name } }`;

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
