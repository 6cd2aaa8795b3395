"""The merged schema as standard supergraph SDL, and as the document that this parses to."""
