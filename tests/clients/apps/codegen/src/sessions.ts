import { execute } from './execute.js';
import { graphql } from './gql/index.js';

export const SESSIONS = graphql(`
  query Sessions($project: ID!, $first: Int!) {
    sessions(projectId: $project, first: $first) {
      edges {
        node {
          id
          title
          status
        }
      }
    }
  }
`);

const CREATE_SESSION = graphql(`
  mutation CreateSession($input: CreateSessionInput!) {
    createSession(input: $input) {
      session {
        title
      }
      errors {
        __typename
      }
    }
  }
`);

export async function titles(project: string, first: number): Promise<(string | null)[]> {
  const { sessions } = await execute(SESSIONS, { project, first });
  return sessions.edges.map(({ node }) => node.title ?? null);
}

export async function create(projectId: string, title: string): Promise<string | null | undefined> {
  const { createSession } = await execute(CREATE_SESSION, { input: { projectId, title, idempotencyKey: title } });
  return createSession.session?.title;
}
