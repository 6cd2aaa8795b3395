import { gql } from '@apollo/client';

const LINE = gql`
  fragment Line on Session {
    id
    title
  }
`;

export const SESSIONS = gql`
  query Sessions($project: ID!, $first: Int!) {
    sessions(projectId: $project, first: $first) {
      edges {
        node {
          ...Line
        }
      }
    }
  }
  ${LINE}
`;

export const CREATE_SESSION = gql`
  mutation CreateSession($input: CreateSessionInput!) {
    createSession(input: $input) {
      session {
        ...Line
      }
      errors {
        ... on UserError {
          code
        }
      }
    }
  }
  ${LINE}
`;
