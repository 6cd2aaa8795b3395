import { graphql } from 'relay-runtime';

graphql`
  query sessionsQuery($project: ID!, $first: Int!, $after: String) {
    sessions(projectId: $project, first: $first, after: $after) @connection(key: "project_sessions") {
      edges {
        node {
          id
          title
        }
      }
    }
  }
`;

graphql`
  fragment sessions_title on Session @refetchable(queryName: "sessionsTitleQuery") {
    title
    project {
      name
    }
  }
`;

graphql`
  query sessionsOneQuery($id: ID!) {
    session(id: $id) {
      ...sessions_title
    }
  }
`;

graphql`
  mutation sessionsCreateMutation($input: CreateSessionInput!, $connections: [ID!]!) {
    createSession(input: $input) {
      session @appendNode(connections: $connections, edgeTypeName: "SessionEdge") {
        id
        title
      }
      errors {
        ... on UserError {
          code
        }
      }
    }
  }
`;
