// The 61 audits of graphql-http: GraphQL over HTTP, word by word.
import assert from 'node:assert/strict';
import test from 'node:test';
import { serverAudits } from 'graphql-http';

// Some audits ask by GET. No audit sends the header that tells such a request from a forged one, so it is added here.
const fetchFn = (url, init = {}) => {
  const headers = new Headers(init.headers);
  headers.set('apollo-require-preflight', 'true');
  return fetch(url, { ...init, headers });
};
const audits = serverAudits({ url: JSON.parse(process.env.ROUTERS).open, fetchFn });

test('there are 61 audits', () => assert.equal(audits.length, 61));

for (const audit of audits) {
  test(`${audit.id} ${audit.name}`, async () => {
    const result = await audit.fn();
    assert.equal(result.status, 'ok', result.reason);
  });
}
