// graphql-request 7.
import assert from 'node:assert/strict';
import test from 'node:test';
import { ClientError, GraphQLClient, batchRequests, gql, request } from 'graphql-request';

const url = process.env.ROUTER_URL;
const NAMES = gql`{ people { name } }`;
const ONE = gql`query One($id: ID!) { person(id: $id) { name } }`;

test('a query is answered', async () => {
  assert.deepEqual(await request(url, NAMES), { people: [{ name: 'Ada' }, { name: 'Alan' }] });
});

test('variables are sent', async () => {
  assert.deepEqual(await request(url, ONE, { id: '2' }), { person: { name: 'Alan' } });
});

test('a mutation runs', async () => {
  const { write } = await request(url, gql`mutation { write(text: "r") }`);
  assert.ok(write > 0);
});

test('a query goes by GET', async () => {
  const client = new GraphQLClient(url, { method: 'GET', headers: { 'apollo-require-preflight': 'true' } });
  assert.deepEqual(await client.request(ONE, { id: '1' }), { person: { name: 'Ada' } });
});

test('a batch is answered in order', async () => {
  const answers = await batchRequests(url, [{ document: ONE, variables: { id: '2' } }, { document: NAMES }]);
  assert.deepEqual(answers.map((one) => one.data), [
    { person: { name: 'Alan' } },
    { people: [{ name: 'Ada' }, { name: 'Alan' }] },
  ]);
});

test('a batch that is too long is refused', async () => {
  await assert.rejects(batchRequests(url, Array(6).fill({ document: NAMES })), (error) => {
    assert.ok(error instanceof ClientError);
    assert.equal(error.response.status, 422);
    return true;
  });
});

test('a long answer is compressed on its way', async () => {
  const names = Array.from({ length: 60 }, (_, at) => `${'long'.repeat(10)}_${at}`);
  const document = `{ ${names.map((name) => `${name}: __typename`).join(' ')} }`;
  const { data, headers } = await new GraphQLClient(url).rawRequest(document);
  assert.deepEqual(data, Object.fromEntries(names.map((name) => [name, 'Query'])));
  assert.equal(headers.get('content-encoding'), 'gzip');
});

test('errors throw, unless data is wanted all the same', async () => {
  const partly = gql`{ people { name } fails }`;
  await assert.rejects(request(url, partly), (error) => {
    assert.equal(error.response.errors[0].extensions.code, 'TEAPOT');
    return true;
  });
  const client = new GraphQLClient(url, { errorPolicy: 'all' });
  const { data, errors } = await client.rawRequest(partly);
  assert.equal(data.people.length, 2);
  assert.equal(errors.length, 1);
});
