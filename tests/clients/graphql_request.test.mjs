// graphql-request 7.
import { globalId, meet, open, read, routers, tokens } from './network.mjs';
import assert from 'node:assert/strict';
import test from 'node:test';
import { ClientError, GraphQLClient, batchRequests, gql, request } from 'graphql-request';

const url = routers.open;
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

test('the client of the page says whose it is', async () => {
  meet('development');
  const { client } = await open('graphql-request', 'client.mjs');
  const document = gql`query ($id: ID!) { session(id: $id) { title } }`;
  assert.deepEqual(await client.request(document, { id: globalId('Session', 2) }), { session: { title: 'First' } });
});

test('a safelist serves what is registered, whatever its layout', async () => {
  const client = new GraphQLClient(routers.listed, {
    headers: { authorization: `Bearer ${tokens.ada}`, 'graphql-client-name': 'mobile' },
  });
  const registered = Object.values(JSON.parse(read('relay/persisted.json')));
  const text = registered.find((one) => one.includes('sessionsOneQuery'));
  const { session } = await client.request(text.replaceAll(/\s+/g, ' '), { id: globalId('Session', 2) });
  assert.equal(session.title, 'First');
  await assert.rejects(client.request('{ viewer { id } }'), (error) => {
    assert.equal(error.response.errors[0].extensions.code, 'QUERY_NOT_IN_SAFELIST');
    return true;
  });
});

test('without a token, and past a rate, the error says so', async () => {
  const stranger = await request(routers.guarded, NAMES).catch(({ response }) => response);
  assert.equal(stranger.status, 401);
  assert.equal(stranger.errors[0].extensions.code, 'UNAUTHENTICATED');
  meet('guarded', 'graphql-request');
  const { client } = await open('graphql-request', 'client.mjs');
  const ask = () => client.request(NAMES).catch(({ response }) => response);
  const answers = [await ask(), await ask(), await ask()];
  assert.deepEqual(answers.map(({ people }) => people?.length), [2, 2, undefined]);
  assert.equal(answers[2].status, 429);
  assert.equal(answers[2].errors[0].extensions.code, 'REQUEST_RATE_LIMITED');
  assert.ok(Number(answers[2].headers.get('retry-after')) > 0);
});
