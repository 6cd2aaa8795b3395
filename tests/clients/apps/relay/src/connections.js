// Every connection of the API, by Relay's rules; those of nodes are read on from the node.
import { graphql } from 'relay-runtime';

graphql`
  query connectionsQuery($project: ID!, $search: SearchInput!, $after: String) {
    models(projectId: $project, first: 10, after: $after) @connection(key: "connections_models") {
      edges {
        node {
          ...connections_versions
        }
      }
    }
    search(input: $search, first: 10, after: $after) @connection(key: "connections_search") {
      edges {
        node {
          __typename
        }
      }
    }
    tasks(projectId: $project, first: 10, after: $after) @connection(key: "connections_tasks") {
      edges {
        node {
          ...connections_events
        }
      }
    }
    sessions(projectId: $project, first: 10, after: $after) @connection(key: "connections_sessions") {
      edges {
        node {
          ...connections_messages
        }
      }
    }
    viewer {
      ...connections_projects
    }
  }
`;

graphql`
  fragment connections_versions on RegisteredModel
  @argumentDefinitions(count: { type: "Int", defaultValue: 10 }, cursor: { type: "String" })
  @refetchable(queryName: "connectionsVersionsQuery") {
    versions(first: $count, after: $cursor) @connection(key: "connections_versions") {
      edges {
        node {
          id
        }
      }
    }
  }
`;

graphql`
  fragment connections_events on Task
  @argumentDefinitions(count: { type: "Int", defaultValue: 10 }, cursor: { type: "String" })
  @refetchable(queryName: "connectionsEventsQuery") {
    events(first: $count, after: $cursor) @connection(key: "connections_events") {
      edges {
        node {
          __typename
        }
      }
    }
  }
`;

graphql`
  fragment connections_messages on Session
  @argumentDefinitions(count: { type: "Int", defaultValue: 10 }, cursor: { type: "String" })
  @refetchable(queryName: "connectionsMessagesQuery") {
    messages(first: $count, after: $cursor) @connection(key: "connections_messages") {
      edges {
        node {
          id
        }
      }
    }
  }
`;

graphql`
  fragment connections_projects on Principal
  @argumentDefinitions(count: { type: "Int", defaultValue: 10 }, cursor: { type: "String" })
  @refetchable(queryName: "connectionsProjectsQuery") {
    projects(first: $count, after: $cursor) @connection(key: "connections_projects") {
      edges {
        node {
          ...connections_collections
        }
      }
    }
  }
`;

graphql`
  fragment connections_collections on Project
  @argumentDefinitions(count: { type: "Int", defaultValue: 10 }, cursor: { type: "String" })
  @refetchable(queryName: "connectionsCollectionsQuery") {
    collections(first: $count, after: $cursor) @connection(key: "connections_collections") {
      edges {
        node {
          ...connections_documents
        }
      }
    }
  }
`;

graphql`
  fragment connections_documents on Collection
  @argumentDefinitions(count: { type: "Int", defaultValue: 10 }, cursor: { type: "String" })
  @refetchable(queryName: "connectionsDocumentsQuery") {
    documents(first: $count, after: $cursor) @connection(key: "connections_documents") {
      edges {
        node {
          id
        }
      }
    }
  }
`;
