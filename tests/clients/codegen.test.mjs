// graphql-codegen 7: its client preset with persisted documents, compiled by tsc, and the API schema that it reads.
import { exchanges, globalId, meet, open, read } from './network.mjs';
import assert from 'node:assert/strict';
import test from 'node:test';
import { buildSchema, lexicographicSortSchema, printSchema } from 'graphql';

const PROJECT = globalId('Project', 1);
const sorted = (text) => printSchema(lexicographicSortSchema(buildSchema(text)));

test('introspection tells the whole API schema', () => {
  assert.equal(sorted(read('codegen/schema.graphql')), sorted(read('api.graphql')));
});

test('documents are run by their hashes', async () => {
  meet('trusted');
  const { titles, create } = await open('codegen', 'dist/sessions.js');
  assert.deepEqual(await titles(PROJECT, 2), ['First', 'Second']);
  assert.equal(await create(PROJECT, 'of codegen'), 'of codegen');
  const registered = Object.keys(JSON.parse(read('codegen/src/gql/persisted-documents.json')));
  assert.deepEqual(exchanges.map(({ sent }) => sent.documentId).sort(), registered.sort());
  assert.ok(exchanges.every(({ sent }) => !('query' in sent)));
});

test('errors are thrown', async () => {
  meet('trusted');
  const { titles } = await open('codegen', 'dist/sessions.js');
  await assert.rejects(titles(PROJECT, 'two'), /first/);
});
