// Relay 21: the compiler's manifest, and its runtime without React.
import { exchanges, globalId, meet, open, read, routers, tokens } from './network.mjs';
import assert from 'node:assert/strict';
import test from 'node:test';
import relay from 'relay-runtime';

const { ConnectionHandler, Environment, Network, RecordSource, Store, commitMutation, fetchQuery } = relay;
const artifact = async (name) => (await open('relay', `src/__generated__/${name}.graphql.js`)).default;
const AUTHORIZED = { authorization: `Bearer ${tokens.ada}` };
const PROJECT = globalId('Project', 1);
const [SESSIONS, ONE, TITLE, CREATE] = await Promise.all(
  ['sessionsQuery', 'sessionsOneQuery', 'sessionsTitleQuery', 'sessionsCreateMutation'].map(artifact),
);
const MANIFEST = JSON.parse(read('relay/persisted.json'));
const selectorOf = (variables) =>
  relay.createOperationDescriptor(SESSIONS, { after: null, ...variables }).fragment;

test('artifacts hold ids, and the manifest their texts', () => {
  for (const { params } of [SESSIONS, ONE, TITLE, CREATE]) {
    assert.equal(params.text, null);
    assert.match(MANIFEST[params.id], new RegExp(`^(query|mutation) ${params.name}\\b`));
  }
});

test('each document of the manifest is one of the API', async () => {
  const headers = { 'content-type': 'application/json', 'graphql-client-name': 'mobile', ...AUTHORIZED };
  for (const documentId of Object.keys(MANIFEST)) {
    const answer = await fetch(routers.trusted, { method: 'POST', headers, body: JSON.stringify({ documentId }) });
    const { errors } = await answer.json();
    assert.equal(errors[0].extensions.code, 'BAD_USER_INPUT', 'it is valid, and lacks the values of its variables');
  }
});

test('a connection is read and put together page by page', async () => {
  meet('trusted');
  const { environment } = await open('relay', 'environment.mjs');
  const page = (variables) => fetchQuery(environment, SESSIONS, { project: PROJECT, ...variables }).toPromise();
  const first = await page({ first: 2 });
  assert.deepEqual(first.sessions.edges.map(({ node }) => node.title), ['First', 'Second']);
  const { pageInfo } = environment.lookup(selectorOf({ project: PROJECT, first: 2 })).data.sessions;
  assert.equal(pageInfo.hasNextPage, true);
  const both = await page({ first: 1, after: pageInfo.endCursor });
  assert.deepEqual(both.sessions.edges.map(({ node }) => node.title), ['First', 'Second', 'Third']);
  assert.deepEqual(exchanges.map(({ sent }) => Object.keys(sent)), Array(2).fill(['documentId', 'variables']));
});

test('what node(id) gives is the object that another query gave', async () => {
  meet('trusted');
  const { environment } = await open('relay', 'environment.mjs');
  const id = globalId('Session', 2);
  await fetchQuery(environment, ONE, { id }).toPromise();
  await fetchQuery(environment, TITLE, { id }).toPromise();
  const [one, again] = exchanges.map(({ answer }) => answer);
  assert.equal(one.errors ?? again.errors, undefined);
  assert.deepEqual(again.data.node, { __typename: 'Session', ...one.data.session });
  const record = environment.getStore().getSource().get(id);
  assert.equal(record.title, 'First');
  assert.equal(record.project.__ref, PROJECT);
});

test('a mutation adds to a connection', async () => {
  meet('trusted');
  const { environment } = await open('relay', 'environment.mjs');
  await fetchQuery(environment, SESSIONS, { project: PROJECT, first: 1 }).toPromise();
  environment.retain(relay.createOperationDescriptor(SESSIONS, { project: PROJECT, first: 1, after: null }));
  const connection = ConnectionHandler.getConnectionID('client:root', 'project_sessions', { projectId: PROJECT });
  const input = { projectId: PROJECT, idempotencyKey: 'relay', title: 'Of Relay' };
  await new Promise((onCompleted, onError) => {
    commitMutation(environment, {
      mutation: CREATE,
      variables: { input, connections: [connection] },
      onCompleted,
      onError,
    });
  });
  const { sessions } = environment.lookup(selectorOf({ project: PROJECT, first: 1 })).data;
  assert.deepEqual(sessions.edges.map(({ node }) => node.title), ['First', 'Of Relay']);
});

for (const name of ['id', 'doc_id', 'documentId']) {
  test(`the id may be called ${name}`, async () => {
    const send = async ({ id }, variables) => {
      const headers = { 'content-type': 'application/json', 'graphql-client-name': 'mobile', ...AUTHORIZED };
      const body = JSON.stringify({ [name]: id, query: null, variables });
      return (await fetch(routers.trusted, { method: 'POST', headers, body })).json();
    };
    const environment = new Environment({ network: Network.create(send), store: new Store(new RecordSource()) });
    const data = await fetchQuery(environment, ONE, { id: globalId('Session', 3) }).toPromise();
    assert.equal(data.session.__id, globalId('Session', 3));
  });
}

test('errors of GraphQL without data throw', async () => {
  meet('trusted');
  const { environment } = await open('relay', 'environment.mjs');
  const strange = { ...ONE, params: { ...ONE.params, id: 'strange' } };
  await assert.rejects(fetchQuery(environment, strange, { id: '1' }).toPromise(), (error) => {
    assert.equal(error.source.errors[0].extensions.code, 'PERSISTED_QUERY_NOT_IN_LIST');
    return true;
  });
});
